import { line } from 'd3-shape'
import { type Axis, epochAxis, valueAxis } from './axis.ts'
import { type Attributes, element, short } from './element.ts'
import { moveApart } from './end-labels.ts'
import { label, TEXT_SIZE } from './picture.ts'
import type { Box } from './pixels.ts'
import { fitText, textWidth } from './text-width.ts'

/** A line of a chart: a value for each epoch, the first being epoch 1. */
export interface ChartLine {
  /** NaN leaves a gap. */
  readonly values: readonly number[]
  /** How it is drawn: its class and, where that does not tell it apart, its dashes and width. */
  readonly style: Attributes
  /** The fill of its points and of its name. */
  readonly points: string
  /** The epoch, counted from 1, that is marked. */
  readonly marked?: number | null
  /** Stand beside its end: its name, and what else there is to say, below it. */
  readonly end?: { readonly name: string; readonly detail: string }
}

/** What stands above a plot. */
interface Heading {
  /** Of the vertical axis. */
  readonly title: string
  /** At the right; the first of them that has room beside the title. */
  readonly remarks?: readonly string[]
}

/** Above the plot for its title, and below it for the numbers and the title of the epochs. */
const ABOVE = 26
const BELOW = 38

/** Between the numbers of an axis and the axis, and between the axis and the first and the last epoch. */
const TICK = 6
const INSET = 8

/** Between a line's end and its name, and from one name to the next. */
const TO_NAME = 22
export const NAME_DISTANCE = 36

/** The share of the width that names may take. */
const NAMES = 0.4

const POINT = 3.5

/**
 * Lines over epochs in a plot with two axes. A value that has no neighbours to be joined with is a point. Lines that come
 * later are drawn over those before.
 */
export function lineChart(lines: readonly ChartLine[], box: Box, { title, remarks = [] }: Heading): string {
  const values = lines.flatMap(each => each.values.filter(value => !Number.isNaN(value)))
  const epochs = Math.max(...lines.map(each => each.values.length))
  const top = box.y + ABOVE
  const bottom = box.y + box.height - BELOW
  const vertical = valueAxis(values, bottom, top)
  const left = box.x + Math.max(...vertical.ticks.map(({ text }) => textWidth(text, TEXT_SIZE))) + TICK
  const nameWidth = Math.min(NAMES * box.width, widest(lines.flatMap(({ end }) => [end?.name, end?.detail])))
  const right = box.x + box.width - (nameWidth > 0 ? nameWidth + TO_NAME : 0)
  const horizontal = epochAxis(epochs, left + INSET, right - INSET)

  const numbers = vertical.ticks.map(({ value, text }) => {
    const y = vertical.at(value)
    const rule = element('path', { class: 'grid', d: `M${short(left)},${short(y)}H${short(right)}` })
    return rule + label(text, { class: 'muted', x: left - TICK, y: y + 4, 'text-anchor': 'end' })
  })
  const below = { class: 'muted', 'text-anchor': 'middle' }
  const epochNumbers = horizontal.ticks.map(({ value, text }) =>
    label(text, { ...below, x: horizontal.at(value), y: bottom + 18 }),
  )
  const epochTitle = label('epoch', { ...below, x: (left + right) / 2, y: bottom + BELOW - 4 })
  const places = namePlaces(lines, vertical, top, bottom)
  const drawn = lines.flatMap((each, i) => [
    drawLine(each, horizontal, vertical),
    drawName(each, horizontal, vertical, { x: right + TO_NAME, y: places[i], width: nameWidth }),
  ])
  return [heading(title, remarks, box), ...numbers, ...epochNumbers, epochTitle, ...drawn].join('')
}

function widest(texts: readonly (string | undefined)[]): number {
  return Math.max(0, ...texts.map(text => textWidth(text ?? '', TEXT_SIZE)))
}

function heading(title: string, remarks: readonly string[], { x, y, width }: Box): string {
  const baseline = y + TEXT_SIZE
  const room = width - textWidth(title, TEXT_SIZE) - 2 * TEXT_SIZE
  const remark = remarks.find(text => textWidth(text, TEXT_SIZE) <= room) ?? remarks.at(-1) ?? ''
  const rest = remark === '' ? width : width - textWidth(remark, TEXT_SIZE) - TEXT_SIZE
  return [
    label(fitText(title, TEXT_SIZE, rest), { x, y: baseline }),
    remark && label(remark, { class: 'muted', x: x + width, y: baseline, 'text-anchor': 'end' }),
  ].join('')
}

function drawLine({ values, style, points, marked }: ChartLine, horizontal: Axis, vertical: Axis): string {
  const x = (i: number) => horizontal.at(i + 1)
  const path = line<number>((_, i) => x(i), vertical.at)
    .defined(value => !Number.isNaN(value))
    .digits(2)
  const isMissing = (i: number) => Number.isNaN(values[i] ?? Number.NaN)
  const dots = values.flatMap((value, i) => {
    const isAlone = isMissing(i - 1) && isMissing(i + 1)
    if (isMissing(i) || !(isAlone || marked === i + 1)) return []
    return [element('circle', { class: points, cx: x(i), cy: vertical.at(value), r: POINT })]
  })
  return element('path', { ...style, d: path([...values]) ?? '' }) + dots.join('')
}

/** Where the middle of each name stands: at the line's end, but for those that would lie upon each other. */
function namePlaces(lines: readonly ChartLine[], vertical: Axis, top: number, bottom: number): number[] {
  const ends = lines.map(({ values }) => {
    const last = values.findLast(value => !Number.isNaN(value))
    return last === undefined ? bottom : vertical.at(last)
  })
  return moveApart(ends, NAME_DISTANCE, top, bottom)
}

/** A line's name, and a thin line to it from where the line ends. */
function drawName(
  { values, points, end }: ChartLine,
  horizontal: Axis,
  vertical: Axis,
  at: Omit<Box, 'height'>,
) {
  if (!end) return ''
  const last = values.findLastIndex(value => !Number.isNaN(value))
  const from = () => `${short(horizontal.at(last + 1) + POINT + 3)},${short(vertical.at(values[last]))}`
  const text = (words: string) => fitText(words, TEXT_SIZE, at.width)
  return [
    last >= 0 && element('path', { class: 'grid', d: `M${from()}L${short(at.x - 4)},${short(at.y)}` }),
    label(text(end.name), { class: points, x: at.x, y: at.y + (end.detail ? -2 : 4) }),
    end.detail && label(text(end.detail), { class: 'muted', x: at.x, y: at.y + 13 }),
  ]
    .filter(Boolean)
    .join('')
}
