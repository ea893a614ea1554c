import { element } from '../picture/element.ts'
import { label, MARGIN, picture, TEXT_SIZE, TITLE_HEIGHT } from '../picture/picture.ts'
import { widthFor } from '../picture/subtitle.ts'
import { fitText } from '../picture/text-width.ts'
import type { Theme } from '../picture/theme.ts'
import { HEAT_STEPS, heatClasses, heatStyles } from './colours.ts'
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

const SCALE_HEIGHT = 10
const BELOW = 64

/** Draws the numbers as cells of colours from nothing to the largest, with their names beside and above. */
export function heatMap(map: HeatMap): string {
  const { title, theme, names, values, digits, unit, down, across } = map
  const texts = values.map(row => row.map(value => value.toFixed(digits)))
  const largest = Math.max(...values.flat())
  const layout = layOut(names, texts.flat(), map.width)
  const { left, top, step } = layout
  const side = names.length * step
  const middle = { across: left + side / 2, down: top + side / 2 }

  const axes = [
    label(across, { class: 'muted', x: middle.across, y: TITLE_HEIGHT + TEXT_SIZE, 'text-anchor': 'middle' }),
    upright(down, MARGIN + TEXT_SIZE - 2, middle.down, { class: 'muted', 'text-anchor': 'middle' }),
  ]
  const cells = values.flatMap((row, i) =>
    row.map((value, j) => cell(layout, i, j, value / (largest || 1), texts[i][j])),
  )
  const scale = colourScale(
    { x: left, y: top + side + 16, width: Math.min(200, side) },
    largest.toFixed(digits),
    unit,
  )
  const description = `${names.length} by ${names.length} numbers, ${down} down and ${across} across, the largest ${largest.toFixed(digits)}`
  const width = map.width ?? widthFor(left + side - MARGIN, title, '')
  return picture(
    { title, description, width, height: top + side + BELOW, theme },
    element('style', {}, heatStyles(theme)),
    ...axes,
    ...(layout.isNamed ? names.map((name, i) => nameOf(layout, name, i)) : []),
    ...cells,
    scale,
  )
}

/** The name of a row and of the column of the same number. */
function nameOf({ left, top, step, nameWidth, isUpright }: HeatMapLayout, name: string, i: number): string {
  const text = fitText(name, TEXT_SIZE, nameWidth)
  const middle = (i + 0.5) * step
  const beside = label(text, { x: left - GAP, y: top + middle + 4, 'text-anchor': 'end' })
  const above = isUpright
    ? upright(text, left + middle + 4, top - GAP, {})
    : label(text, { x: left + middle, y: top - GAP, 'text-anchor': 'middle' })
  return beside + above
}

function cell(layout: HeatMapLayout, i: number, j: number, amount: number, text: string): string {
  const { left, top, step, cell: side, numberSize } = layout
  const [x, y] = [left + j * step, top + i * step]
  const classes = heatClasses(amount)
  const box = element('rect', { class: classes.cell, x, y, width: side, height: side })
  if (numberSize === 0) return box
  const number = {
    class: amount === 0 ? 'muted' : classes.number,
    opacity: amount === 0 ? 0.55 : undefined,
    x: x + side / 2,
    y: y + side / 2 + 0.36 * numberSize,
    'font-size': numberSize,
    'text-anchor': 'middle',
  }
  return box + label(text, number)
}

/** What the colours stand for. */
function colourScale(
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  largest: string,
  unit: string,
): string {
  const part = width / (HEAT_STEPS + 1)
  const colours = Array.from({ length: HEAT_STEPS + 1 }, (_, i) =>
    element('rect', {
      class: heatClasses(i / HEAT_STEPS).cell,
      x: x + i * part,
      y,
      width: part + (i < HEAT_STEPS ? 0.5 : 0),
      height: SCALE_HEIGHT,
    }),
  )
  const below = y + SCALE_HEIGHT + TEXT_SIZE + 4
  return [
    ...colours,
    label('0', { class: 'muted', x, y: below }),
    label(`${largest} ${unit}`, { class: 'muted', x: x + width, y: below, 'text-anchor': 'end' }),
  ].join('')
}

/** Text that is read from below. */
function upright(
  text: string,
  x: number,
  y: number,
  attributes: { readonly [name: string]: string },
): string {
  return label(text, { ...attributes, x: 0, y: 0, transform: `translate(${x} ${y}) rotate(-90)` })
}
