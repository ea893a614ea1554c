import { scaleLinear } from 'd3-scale'
import { TEXT_SIZE } from './picture.ts'
import { textWidth } from './text-width.ts'
import { withTrueMinus } from './with-true-minus.ts'

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
const MIN_SIZE = 1e-45

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

/** `1.5e6`. */
function exponential(value: number): string {
  // Ticks are multiples of a round number, but for the last bits.
  const rounded = Number(value.toPrecision(10))
  return rounded === 0 ? '0' : withTrueMinus(rounded.toExponential())
}

/** The smallest and the largest value, or some room around them where they are (nearly) the same. */
function rangeOf(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const size = Math.max(Math.abs(low), Math.abs(high))
  if (values.length === 0 || size < MIN_SIZE) return [0, 1]
  return high - low < SAME * size ? [low - size / 10, high + size / 10] : [low, high]
}

/** An axis for the epochs from the first to the last, with whole numbers that do not touch. */
export function epochAxis(first: number, last: number, from: number, to: number): Axis {
  const scale = scaleLinear(last > first ? [first, last] : [first - 1, first + 1], [from, to])
  const count = last - first + 1
  const room = Math.max(1, Math.floor((to - from) / (EPOCH_GAP + textWidth(String(last), TEXT_SIZE))))
  const ticks =
    count <= room ? Array.from({ length: count }, (_, i) => first + i) : roundEpochs(first, last, room)
  return { at: value => scale(value), ticks: ticks.map(value => ({ value, text: String(value) })) }
}

/** The first epoch, and at most so many round ones, none of them much nearer to it than to each other. */
function roundEpochs(first: number, last: number, room: number): number[] {
  const count = last - first + 1
  for (let wanted = room; wanted > 0; wanted--) {
    const [, step = 0] = scaleLinear([0, count], [0, 1]).ticks(wanted)
    if (step * room < count) continue
    const least = Math.ceil(first / step + 0.75)
    const most = Math.floor(last / step)
    if (least > most) continue
    return [first, ...Array.from({ length: most - least + 1 }, (_, i) => (least + i) * step)]
  }
  return [first, last]
}
