import { line } from 'd3-shape'
import { type Axis, epochAxis, valueAxis } from './axis.ts'
import { type Attributes, element, short } from './element.ts'
import { type EndName, endNames, widthOfNames } from './end-names.ts'
import { label, TEXT_SIZE } from './picture.ts'
import type { Box } from './pixels.ts'
import { fitText, textWidth } from './text-width.ts'

/** A line of a chart: a value for each epoch, the first being epoch 1. */
export interface ChartLine {
  /** NaN leaves a gap. */
  readonly values: readonly number[]
  /** How it is drawn: its class and, where that does not tell it apart, its dashes and width. */
  readonly style: Attributes
  /** The class of the fill of its points and of its name. */
  readonly fill: string
  /** The epoch, counted from 1, that is marked. */
  readonly marked?: number | null
  /** What stands beside its end. */
  readonly end?: EndName
}

/** What stands above a plot. */
interface Heading {
  /** Of the vertical axis. */
  readonly title: string
  /** At the right, the first of these that has room beside the title. */
  readonly remarks?: readonly string[]
}

/** Above the plot for its title, and below it for the numbers and the title of the epochs. */
const ABOVE = 26
const BELOW = 38

/** Between the numbers of an axis and the axis, and between the axis and the first and the last epoch. */
const TICK = 6
const INSET = 8

/** Between the plot and the names beside it. */
const TO_NAME = 22

/** The share of the width that a title has at least, and that names may take. */
const TITLE = 0.4
const NAMES = 0.4

const POINT = 3.5

/**
 * Lines over epochs in a plot with two axes. A value that has no neighbours to be joined with is a point. Lines that come
 * later are drawn over those before.
 */
export function lineChart(lines: readonly ChartLine[], box: Box, { title, remarks = [] }: Heading): string {
  const values = lines.flatMap(each => each.values.filter(isPresent))
  const epochs = Math.max(...lines.map(each => each.values.length))
  const top = box.y + ABOVE
  const bottom = box.y + box.height - BELOW
  const vertical = valueAxis(values, bottom, top)
  const left = box.x + Math.max(...vertical.ticks.map(({ text }) => textWidth(text, TEXT_SIZE))) + TICK
  const nameWidth = Math.min(NAMES * box.width, widthOfNames(lines.flatMap(({ end }) => end ?? [])))
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
  const ends = lines.flatMap(({ values, fill, end }) => {
    const last = values.findLastIndex(isPresent)
    // A line without any number has its name all the same, beside the corner.
    const place =
      last < 0 ? { x: right, y: bottom } : { x: horizontal.at(last + 1), y: vertical.at(values[last]) }
    return end ? [{ ...end, ...place, fill }] : []
  })
  return [
    heading(title, remarks, box),
    ...numbers,
    ...epochNumbers,
    epochTitle,
    ...lines.map(each => drawLine(each, horizontal, vertical)),
    endNames(ends, { x: right + TO_NAME, width: nameWidth, top, bottom }),
  ].join('')
}

function heading(title: string, remarks: readonly string[], { x, y, width }: Box): string {
  const baseline = y + TEXT_SIZE
  const room = width - Math.min(textWidth(title, TEXT_SIZE), TITLE * width) - TEXT_SIZE
  const remark = remarks.find(text => textWidth(text, TEXT_SIZE) <= room)
  if (remark === undefined) return label(fitText(title, TEXT_SIZE, width), { x, y: baseline })
  const rest = width - textWidth(remark, TEXT_SIZE) - TEXT_SIZE
  return [
    label(fitText(title, TEXT_SIZE, rest), { x, y: baseline }),
    label(remark, { class: 'muted', x: x + width, y: baseline, 'text-anchor': 'end' }),
  ].join('')
}

function drawLine({ values, style, fill, marked }: ChartLine, horizontal: Axis, vertical: Axis): string {
  const x = (i: number) => horizontal.at(i + 1)
  const path = line<number>((_, i) => x(i), vertical.at)
    .defined(isPresent)
    .digits(2)
  const points = values.flatMap((value, i) => {
    const isAlone = !isPresent(values[i - 1]) && !isPresent(values[i + 1])
    if (!isPresent(value) || !(isAlone || marked === i + 1)) return []
    return [element('circle', { class: fill, cx: x(i), cy: vertical.at(value), r: POINT })]
  })
  return element('path', { ...style, d: path([...values]) ?? '' }) + points.join('')
}

const isPresent = (value: number | undefined): boolean => value !== undefined && !Number.isNaN(value)
