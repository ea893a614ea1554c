import { confusionUnit, digitsOf } from '../metrics/confusion-unit.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { checkMatrix } from './confusion-heat-map/check-matrix.ts'
import { colourScale, SCALE_HEIGHT } from './confusion-heat-map/colour-scale.ts'
import { heatClasses, heatStyles } from './confusion-heat-map/colours.ts'
import { ACROSS, type ConfusionLayout, DOWN, GAP, layOut } from './confusion-heat-map/layout.ts'
import { element, short } from './picture/element.ts'
import { middleBaseline } from './picture/middle-baseline.ts'
import {
  checkPictureOptions,
  label,
  MARGIN,
  type PictureOptions,
  picture,
  TEXT_SIZE,
  TITLE_HEIGHT,
} from './picture/picture.ts'
import { widthFor } from './picture/subtitle.ts'
import { fitText } from './picture/text-width.ts'

/** Options of {@link confusionHeatMap}. */
export interface ConfusionHeatMapOptions extends PictureOptions {
  /** One for each class. Default: their indices. */
  readonly classNames?: readonly string[]
}

/** Between the cells and the scale below them. */
const TO_SCALE = 20

/** How much more to the right a tilted name begins than the middle of its column, so that it seems to end there. */
const LEAN = 4

/**
 * A confusion matrix as a map of colours with its numbers: true classes down, predicted ones across. Counts are printed
 * whole, shares with two digits, as `formatConfusionMatrix` does. Numbers and names are left out where cells are too small
 * for them.
 *
 * @param matrix [classes, classes], 200 at most, as `confusionMatrix` gives it
 * @returns an SVG document
 * @throws OptionError for bad options, ShapeError for a matrix that is not square or has another number of classes
 * @example
 * confusionHeatMap(confusionMatrix(yTrue, yPred, { normalize: 'true' }), { classNames })
 */
export function confusionHeatMap(
  matrix: Tensor<Float64Array>,
  options: ConfusionHeatMapOptions = {},
): string {
  const owner = 'confusionHeatMap'
  const { theme } = checkPictureOptions(owner, options, ['classNames'])
  checkMatrix(owner, matrix, options.classNames)
  const names = options.classNames ?? Array.from({ length: matrix.shape[0] }, (_, i) => String(i))
  const values = names.map((_, i) => names.map((_, j) => matrix.get(i, j)))
  const unit = confusionUnit(matrix)
  const digits = digitsOf(unit)
  const texts = values.map(row => row.map(value => value.toFixed(digits)))
  const largest = values.flat().reduce((most, value) => Math.max(most, value), 0)
  const layout = layOut(owner, { names, texts: texts.flat(), width: options.width })
  const { left, top, step } = layout
  const bottom = top + names.length * step

  const axes = [
    label(ACROSS, { class: 'muted', x: left, y: TITLE_HEIGHT + TEXT_SIZE }),
    label(DOWN, { class: 'muted', x: left - GAP, y: top - GAP, 'text-anchor': 'end' }),
  ]
  const cells = values.flatMap((row, i) =>
    row.map((value, j) => cell(layout, i, j, value / (largest || 1), texts[i][j])),
  )
  const title = options.title ?? 'Confusion matrix'
  const usualWidth = Math.max(Math.ceil(layout.right) + MARGIN, widthFor(left + 100, title, ''))
  const width = options.width ?? usualWidth
  const scale = { x: left, y: bottom + TO_SCALE, width: width - MARGIN - left }
  const height = scale.y + SCALE_HEIGHT + MARGIN
  const most = largest.toFixed(digits)
  const description = `${names.length} by ${names.length} numbers, ${DOWN} down and ${ACROSS} across, the largest ${most}`
  return picture(
    { title, description, width, height, theme },
    element('style', {}, heatStyles(theme)),
    ...axes,
    ...names.map((name, i) => nameOf(layout, name, i)),
    ...cells,
    colourScale(scale, most, unit),
  )
}

/** The name of a row and of the column of the same number, where they have room. */
function nameOf(layout: ConfusionLayout, name: string, i: number): string {
  const { left, top, step, nameWidth, isTilted, everyRow, everyColumn } = layout
  const text = fitText(name, TEXT_SIZE, nameWidth)
  const middle = (i + 0.5) * step
  const [x, y] = [left + middle, top - GAP]
  const above = isTilted
    ? { x: x + LEAN, y, transform: `rotate(-45 ${short(x + LEAN)} ${short(y)})` }
    : { x, y, 'text-anchor': 'middle' }
  const beside = { x: left - GAP, y: middleBaseline(top + middle), 'text-anchor': 'end' }
  return [
    i % everyRow === 0 ? label(text, beside) : '',
    i % everyColumn === 0 ? label(text, above) : '',
  ].join('')
}

function cell(layout: ConfusionLayout, i: number, j: number, amount: number, text: string): string {
  const { left, top, step, cell: side, numberSize } = layout
  const [x, y] = [left + j * step, top + i * step]
  const classes = heatClasses(amount)
  const box = element('rect', { class: classes.cell, x, y, width: side, height: side })
  if (numberSize === 0) return box
  const number = {
    class: amount === 0 ? 'faint' : classes.number,
    x: x + side / 2,
    y: middleBaseline(y + side / 2, numberSize),
    'font-size': numberSize,
    'text-anchor': 'middle',
  }
  return box + label(text, number)
}
