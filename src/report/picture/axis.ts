import { scaleLinear } from 'd3-scale'
import { TEXT_SIZE } from './picture.ts'
import { textWidth } from './text-width.ts'

/** One direction of a chart: where values stand, in the picture's pixels, and which of them are written beside it. */
export interface Axis {
  at(value: number): number
  readonly ticks: readonly Tick[]
}

interface Tick {
  readonly value: number
  readonly text: string
}

/** From one number of a vertical axis to the next, about. */
const TICK_DISTANCE = 44

/** Between the numbers of two epochs, at least. */
const EPOCH_GAP = 32

/** Numbers that differ by less than this share are drawn as the same: an axis between them has too long numbers. */
const SAME = 1e-6

/** float32 has none that are smaller but 0. */
const SMALLEST = 1e-45

/**
 * An axis for values, between round numbers.
 *
 * @param values finite; the axis goes from 0 to 1 where there are none
 * @param from where the smallest stands, and `to` where the largest does, or a little before it
 */
export function valueAxis(values: readonly number[], from: number, to: number): Axis {
  const count = Math.max(2, Math.round(Math.abs(to - from) / TICK_DISTANCE))
  const scale = scaleLinear(rangeOf(values), [from, to]).nice(count)
  const ticks = scale.ticks(count)
  const isPlain = ticks.every(tick => Math.abs(tick) < 1e6) && ticks[1] - ticks[0] >= 1e-4
  const format = isPlain ? scale.tickFormat(count) : exponential
  return { at: value => scale(value), ticks: ticks.map(value => ({ value, text: format(value) })) }
}

/** `1.5e6`, with a true minus. */
function exponential(value: number): string {
  // Ticks are multiples of a round number, but for the last bits.
  const rounded = Number(value.toPrecision(10))
  return rounded === 0 ? '0' : rounded.toExponential().replace('e+', 'e').replaceAll('-', '−')
}

/** The smallest and the largest value, or some room around them where they are (nearly) the same. */
function rangeOf(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const size = Math.max(Math.abs(low), Math.abs(high))
  if (values.length === 0 || size < SMALLEST) return [0, 1]
  return high - low < SAME * size ? [low - size / 10, high + size / 10] : [low, high]
}

/** An axis for epochs counted from 1, with whole numbers that do not touch. */
export function epochAxis(epochs: number, from: number, to: number): Axis {
  const scale = scaleLinear(epochs > 1 ? [1, epochs] : [0, 2], [from, to])
  const room = Math.max(1, Math.floor((to - from) / (EPOCH_GAP + textWidth(String(epochs), TEXT_SIZE))))
  const ticks = epochs <= room ? Array.from({ length: epochs }, (_, i) => i + 1) : roundEpochs(epochs, room)
  return { at: value => scale(value), ticks: ticks.map(value => ({ value, text: String(value) })) }
}

/** The first epoch, and at most so many round ones. */
function roundEpochs(epochs: number, room: number): number[] {
  for (let count = room; count > 0; count--) {
    const [, step = 0] = scaleLinear([0, epochs], [0, 1]).ticks(count)
    if (step * room < epochs) continue
    return [1, ...Array.from({ length: Math.floor(epochs / step) }, (_, i) => (i + 1) * step)]
  }
  return [1, epochs]
}
