import { element, short } from '../picture/element.ts'
import { label, MARGIN, picture, TEXT_SIZE, TITLE_HEIGHT } from '../picture/picture.ts'
import { widthFor } from '../picture/subtitle.ts'
import { fitText } from '../picture/text-width.ts'
import type { Theme } from '../picture/theme.ts'
import { HEAT_STEPS, heatClasses, heatEnd, heatStyles } from './colours.ts'
import { GAP, type HeatMapLayout, layOut } from './layout.ts'

/** A square table of numbers of at least 0. */
interface HeatMap {
  readonly title: string
  readonly width: number | undefined
  readonly theme: Theme
  /** Of rows and columns alike. */
  readonly names: readonly string[]
  readonly values: readonly (readonly number[])[]
  /** Of the numbers, behind the point. */
  readonly digits: number
  /** What the numbers count. */
  readonly unit: string
  /** What rows and columns are. */
  readonly down: string
  readonly across: string
}

/** Of the colours' scale, and of the room below the cells. */
const SCALE = { width: 200, height: 10 }
const BELOW = 82

/** How much more to the right a tilted name begins than the middle of its column, so that it seems to end there. */
const LEAN = 4

/**
 * Draws the numbers as cells of colours from nothing to the largest, with their names beside and above.
 *
 * @throws OptionError where the width has no room for so many cells
 */
export function heatMap(owner: string, map: HeatMap): string {
  const { title, theme, names, values, digits, unit, down, across } = map
  const texts = values.map(row => row.map(value => value.toFixed(digits)))
  const layout = layOut(owner, { names, texts: texts.flat(), down, width: map.width })
  const { left, top, step } = layout
  const bottom = top + names.length * step
  const largest = values.flat().reduce((most, value) => Math.max(most, value), 0)

  const cells = values.flatMap((row, i) =>
    row.map((value, j) => cell(layout, i, j, value / (largest || 1), texts[i][j])),
  )
  const axes = [
    label(across, { class: 'muted', x: left, y: TITLE_HEIGHT + TEXT_SIZE }),
    label(down, { class: 'muted', x: left - GAP, y: top - GAP, 'text-anchor': 'end' }),
  ]
  const width = map.width ?? Math.max(Math.ceil(layout.right) + MARGIN, widthFor(left + 100, title, ''))
  const scale = colourScale(
    { x: left, y: bottom + 20, width: width - MARGIN - left },
    largest.toFixed(digits),
    unit,
  )
  const description = `${names.length} by ${names.length} numbers, ${down} down and ${across} across, the largest ${largest.toFixed(digits)}`
  return picture(
    { title, description, width, height: bottom + BELOW, theme },
    element('style', {}, heatStyles(theme)),
    ...axes,
    ...names.map((name, i) => nameOf(layout, name, i)),
    ...cells,
    scale,
  )
}

/** The name of a row and of the column of the same number, where they have room. */
function nameOf(layout: HeatMapLayout, name: string, i: number): string {
  const { left, top, step, nameWidth, isTilted, everyRow, everyColumn } = layout
  const text = fitText(name, TEXT_SIZE, nameWidth)
  const middle = (i + 0.5) * step
  const [x, y] = [left + middle, top - GAP]
  const above = isTilted
    ? { x: x + LEAN, y, transform: `rotate(-45 ${short(x + LEAN)} ${short(y)})` }
    : { x, y, 'text-anchor': 'middle' }
  return [
    i % everyRow === 0 && label(text, { x: left - GAP, y: top + middle + 4, 'text-anchor': 'end' }),
    i % everyColumn === 0 && label(text, above),
  ]
    .filter(Boolean)
    .join('')
}

function cell(layout: HeatMapLayout, i: number, j: number, amount: number, text: string): string {
  const { left, top, step, cell: side, numberSize } = layout
  const [x, y] = [left + j * step, top + i * step]
  const classes = heatClasses(amount)
  const box = amount === 0 ? '' : element('rect', { class: classes.cell, x, y, width: side, height: side })
  if (numberSize === 0) return box
  const number = {
    class: amount === 0 ? 'faint' : classes.number,
    x: x + side / 2,
    y: y + side / 2 + 0.36 * numberSize,
    'font-size': numberSize,
    'text-anchor': 'middle',
  }
  return box + label(text, number)
}

/** What the colours stand for: each place has the colour of the cells whose value lies there between 0 and the largest. */
function colourScale(
  at: { readonly x: number; readonly y: number; readonly width: number },
  largest: string,
  unit: string,
): string {
  const { x } = at
  const width = Math.min(SCALE.width, at.width)
  const y = at.y + TEXT_SIZE + 6
  const colours = Array.from({ length: HEAT_STEPS + 1 }, (_, step) => {
    const from = step === 0 ? 0 : heatEnd(step - 1)
    // A little of each lies below the next, so that no seam is seen.
    const to = Math.min(1, heatEnd(step) + 0.5 / width)
    const box = { x: x + from * width, y, width: (to - from) * width, height: SCALE.height }
    return element('rect', { class: `heat-${step}`, ...box })
  })
  const end = { class: 'muted', y: y + SCALE.height + TEXT_SIZE + 4 }
  return [
    label(unit, { class: 'muted', x, y: at.y + TEXT_SIZE }),
    ...colours,
    label('0', { ...end, x }),
    label(largest, { ...end, x: x + width, 'text-anchor': 'end' }),
  ].join('')
}
