import { OptionError } from '../errors.ts'
import { History } from '../model/callbacks/history.ts'
import type { LegendEntry } from './picture/legend.ts'
import { SERIES } from './picture/theme.ts'

/** Each number of each epoch, by name: `{ loss: [0.9, 0.5], valLoss: [0.6, 0.5] }`. */
export type Curves = { readonly [name: string]: readonly number[] }

/**
 * The curves of a history.
 * @throws OptionError where there is no epoch in it
 */
export function curvesOf(owner: string, option: string, history: History | Curves): Curves {
  const curves = history instanceof History ? history.history : history
  const isGood =
    typeof curves === 'object' &&
    curves !== null &&
    Object.values(curves).every(values => Array.isArray(values)) &&
    Object.values(curves).some(values => values.length > 0)
  if (isGood) return Object.fromEntries(Object.entries(curves).filter(([, values]) => values.length > 0))
  throw new OptionError(
    owner,
    option,
    history,
    'a History with an epoch at least, or lists of numbers by name',
  )
}

/** Dashes by which lines are told apart without their colours. */
const DASHES = [undefined, '7 4', '2 4', '10 4 2 4']

/** How the line of a series is drawn, counted from 0: no two of the first sixteen are alike. */
export function lineStyle(series: number): LegendEntry['line'] {
  const colour = series % SERIES
  return {
    class: `line-${colour + 1}`,
    'stroke-width': 2,
    'stroke-dasharray': DASHES[(colour + Math.floor(series / SERIES)) % DASHES.length],
    'stroke-linejoin': 'round',
  }
}
