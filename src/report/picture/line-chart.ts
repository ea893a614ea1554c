import { line } from 'd3-shape'
import { type Axis, epochAxis, valueAxis } from './axis.ts'
import type { Box } from './drawing.ts'
import { type Attributes, element, short } from './element.ts'
import { type EndName, endNames, widthOfNames } from './end-names.ts'
import { middleBaseline } from './middle-baseline.ts'
import { label, TEXT_SIZE } from './picture.ts'
import { fitText, textWidth } from './text-width.ts'

/** A line of a chart. */
export interface ChartLine {
  /** The number of each epoch, ascending; at least as many as there are values. */
  readonly epochs: readonly number[]
  /** NaN leaves a gap. */
  readonly values: readonly number[]
  /** How it is drawn: its class and, where that does not tell it apart, its dashes and width. */
  readonly style: Attributes
  /** The class of the fill of its points and of its name. */
  readonly fill: string
  /** The index of the value that is marked. */
  readonly marked?: number | null
  /** What stands beside its end. */
  readonly end?: EndName
}

/** What stands above a plot, where there is anything. */
interface Heading {
  /** Of the vertical axis. */
  readonly title?: string
  /** At the right, the first of these that has room beside the title. */
  readonly remarks?: readonly string[]
}

/** Above the plot for its heading or, without any, for half a number; below it for the numbers and the title of the epochs. */
const ROOM = { heading: 26, halfNumber: 8, epochs: 38 }

/** Between the plot and what stands beside it: the numbers of its axis, and names; and from the axis to the first epoch. */
const GAPS = { numbers: 6, names: 22, epochs: 8 }

/** The share of the width that a title has at least, and that names may take. */
const SHARES = { title: 0.4, names: 0.4 }

const POINT = 3.5

/**
 * Lines over epochs in a plot with two axes. A value that has no neighbours to be joined with is a point. Lines that come
 * later are drawn over those before.
 */
export function lineChart(lines: readonly ChartLine[], box: Box, heading: Heading): string {
  const values = lines.flatMap(each => each.values.filter(isPresent))
  const first = Math.min(...lines.map(({ epochs }) => epochs[0]))
  const last = Math.max(...lines.map(({ epochs, values }) => epochs[values.length - 1]))
  const above = drawHeading(heading, box)
  const top = box.y + (above === '' ? ROOM.halfNumber : ROOM.heading)
  const bottom = box.y + box.height - ROOM.epochs
  const vertical = valueAxis(values, bottom, top)
  const left =
    box.x + Math.max(...vertical.ticks.map(({ text }) => textWidth(text, TEXT_SIZE))) + GAPS.numbers
  const nameWidth = Math.min(SHARES.names * box.width, widthOfNames(lines.flatMap(({ end }) => end ?? [])))
  const right = box.x + box.width - (nameWidth > 0 ? nameWidth + GAPS.names : 0)
  const horizontal = epochAxis(first, last, left + GAPS.epochs, right - GAPS.epochs)

  const numbers = vertical.ticks.map(({ value, text }) => {
    const y = vertical.at(value)
    const rule = element('path', { class: 'grid', d: `M${short(left)},${short(y)}H${short(right)}` })
    return (
      rule +
      label(text, { class: 'muted', x: left - GAPS.numbers, y: middleBaseline(y), 'text-anchor': 'end' })
    )
  })
  const below = { class: 'muted', 'text-anchor': 'middle' }
  const epochNumbers = horizontal.ticks.map(({ value, text }) =>
    label(text, { ...below, x: horizontal.at(value), y: bottom + 18 }),
  )
  const epochTitle = label('epoch', { ...below, x: (left + right) / 2, y: bottom + ROOM.epochs - 4 })
  const ends = lines.flatMap(({ epochs, values, fill, end }) => {
    const last = values.findLastIndex(isPresent)
    // A line without any number has its name all the same, beside the corner.
    const place =
      last < 0 ? { x: right, y: bottom } : { x: horizontal.at(epochs[last]), y: vertical.at(values[last]) }
    return end ? [{ ...end, ...place, fill }] : []
  })
  return [
    above,
    ...numbers,
    ...epochNumbers,
    epochTitle,
    ...lines.map(each => drawLine(each, horizontal, vertical)),
    endNames(ends, { x: right + GAPS.names, y: top, width: nameWidth, height: bottom - top }),
  ].join('')
}

function drawHeading({ title = '', remarks = [] }: Heading, { x, y, width }: Box): string {
  const baseline = y + TEXT_SIZE
  const room = width - Math.min(textWidth(title, TEXT_SIZE), SHARES.title * width) - TEXT_SIZE
  const remark = remarks.find(text => textWidth(text, TEXT_SIZE) <= room)
  const rest = remark === undefined ? width : width - textWidth(remark, TEXT_SIZE) - TEXT_SIZE
  return [
    title && label(fitText(title, TEXT_SIZE, rest), { x, y: baseline }),
    remark && label(remark, { class: 'muted', x: x + width, y: baseline, 'text-anchor': 'end' }),
  ].join('')
}

function drawLine(drawn: ChartLine, horizontal: Axis, vertical: Axis): string {
  const { epochs, values, style, fill, marked } = drawn
  const x = (i: number) => horizontal.at(epochs[i])
  const path = line<number>((_, i) => x(i), vertical.at)
    .defined(isPresent)
    .digits(2)
  const points = values.flatMap((value, i) => {
    const isAlone = !isPresent(values[i - 1]) && !isPresent(values[i + 1])
    if (!isPresent(value) || !(isAlone || marked === i)) return []
    return [element('circle', { class: fill, cx: x(i), cy: vertical.at(value), r: POINT })]
  })
  return element('path', { ...style, d: path([...values]) ?? '' }) + points.join('')
}

const isPresent = (value: number | undefined): boolean => value !== undefined && !Number.isNaN(value)
