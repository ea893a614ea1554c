import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import { type Attributes, element, short } from './element.ts'
import { label, TEXT_SIZE } from './picture.ts'
import type { Box } from './pixels.ts'
import { textWidth } from './text-width.ts'

/** A line of a chart: a value for each epoch, the first being epoch 1. */
export interface ChartLine {
  readonly values: readonly number[]
  /** How it is drawn: its class and, where that does not tell it apart, its dashes and width. */
  readonly style: Attributes
  /** The fill of its points. */
  readonly points: string
  /** The epoch, counted from 1, that is marked. */
  readonly marked?: number | null
}

/** Above the plot for its title, and below it for the numbers and the title of the epochs. */
const ABOVE = 26
const BELOW = 38

/** Between the numbers of an axis and the axis. */
const TICK = 6

/**
 * Lines over epochs in a plot with two axes. What is not a number leaves a gap; a value that has no neighbours to be joined
 * with is a point.
 *
 * @param title of the vertical axis
 * @param remark stands above the plot, to the right
 */
export function lineChart(lines: readonly ChartLine[], box: Box, title: string, remark = ''): string {
  const values = lines.flatMap(each => each.values.filter(Number.isFinite))
  const epochs = Math.max(...lines.map(each => each.values.length))
  const [low, high] = rangeOf(values)
  const vertical = scaleLinear([low, high], [box.y + box.height - BELOW, box.y + ABOVE]).nice(5)
  const ticks = vertical.ticks(5)
  const largest = Math.max(...ticks.map(Math.abs))
  const isPlain = largest >= 1e-3 && largest < 1e6
  const format = vertical.tickFormat(5, isPlain ? undefined : 'e')
  const numbers = ticks.map(tick => format(tick))
  const left = box.x + Math.max(...numbers.map(number => textWidth(number, TEXT_SIZE))) + TICK
  // Half of the last epoch's number stands beyond the plot.
  const right = box.x + box.width - textWidth(String(epochs), TEXT_SIZE) / 2
  const horizontal = scaleLinear(epochs > 1 ? [1, epochs] : [0.5, 1.5], [left, right])
  const bottom = box.y + box.height - BELOW

  const grid = ticks.map((tick, i) => {
    const y = vertical(tick)
    const rule = element('path', { class: 'grid', d: `M${short(left)},${short(y)}H${short(right)}` })
    const number = { class: 'muted', x: left - TICK, y: y + 4, 'text-anchor': 'end' }
    return rule + label(numbers[i], number)
  })
  const room = Math.max(2, Math.min(10, Math.floor((right - left) / 40)))
  const wholeTicks = horizontal.ticks(room).filter(tick => Number.isInteger(tick) && tick >= 1)
  const below = wholeTicks.map(tick =>
    label(String(tick), { class: 'muted', x: horizontal(tick), y: bottom + 16, 'text-anchor': 'middle' }),
  )
  const path = line<number>((_, i) => horizontal(i + 1), vertical).defined(Number.isFinite)
  const drawn = lines.map(({ values, style, points, marked }) => {
    const dots = values.flatMap((value, i) => {
      const isAlone = !Number.isFinite(values[i - 1]) && !Number.isFinite(values[i + 1])
      if (!Number.isFinite(value) || !(isAlone || marked === i + 1)) return []
      return [element('circle', { class: points, cx: horizontal(i + 1), cy: vertical(value), r: 3.5 })]
    })
    return element('path', { 'stroke-width': 2, ...style, d: path([...values]) ?? '' }) + dots.join('')
  })
  const titles = [
    label(title, { 'font-weight': 600, x: box.x, y: box.y + TEXT_SIZE }),
    label(remark, { class: 'muted', x: box.x + box.width, y: box.y + TEXT_SIZE, 'text-anchor': 'end' }),
    label('epoch', {
      class: 'muted',
      x: (left + right) / 2,
      y: box.y + box.height - 4,
      'text-anchor': 'middle',
    }),
  ]
  return [...grid, ...below, ...drawn, ...titles].join('')
}

/** Where an axis begins and ends; around a single value there is some room. */
function rangeOf(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return [0, 1]
  const room = low < high ? 0 : Math.abs(low) / 10 || 1
  return [low - room, high + room]
}
