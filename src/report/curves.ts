import { OptionError, show } from '../errors.ts'
import { History } from '../model/callbacks/history.ts'
import type { Attributes } from './picture/element.ts'
import { SERIES } from './picture/theme.ts'

/** Numbers of each epoch, by name: `{ loss: [0.9, 0.5], valLoss: [0.6, 0.5] }`. NaN leaves a gap. */
export type Curves = { readonly [name: string]: readonly number[] }

/** No number that is trained with float32 is larger. */
const LARGEST = 3.5e38

/**
 * The curves of a history, with NaN for whatever is not finite. A number that a callback has added to some epochs of a
 * History only is left out, since it does not tell to which.
 *
 * @param option what the caller calls the history
 * @throws OptionError where there is no epoch in it, or something that is no number
 */
export function curvesOf(owner: string, option: string, history: History | Curves): Curves {
  const isHistory = history instanceof History
  const curves = isHistory ? history.history : history
  if (typeof curves !== 'object' || curves === null) {
    throw new OptionError(owner, option, history, 'a History, or lists of numbers by name')
  }
  const known = Object.entries(curves).map(([name, values]) => {
    checkValues(owner, `${option}.${name}`, values)
    return [name, values.map(value => (Math.abs(value) < LARGEST ? value : Number.NaN))] as const
  })
  const least = isHistory ? Math.max(1, history.epoch.length) : 1
  const shown = known.filter(([, values]) => values.length >= least)
  if (shown.length > 0) return Object.fromEntries(shown)
  throw new OptionError(owner, option, history, 'numbers of one epoch at least')
}

function checkValues(owner: string, option: string, values: readonly number[]): void {
  if (!Array.isArray(values)) throw new OptionError(owner, option, values, 'a list of numbers')
  const wrong = values.findIndex(value => typeof value !== 'number')
  if (wrong < 0) return
  throw new OptionError(owner, `${option}[${wrong}]`, values[wrong], `a number, ${show(Number.NaN)} for none`)
}

/** Dashes by which lines are told apart without their colours. */
const DASHES = [undefined, '7 4', '2 4', '10 4 2 4']

/** Lines that are told apart. */
export const LINES = SERIES * DASHES.length

/** How the line of a series is drawn, counted from 0: no two of the first {@link LINES} are alike. */
export function lineStyle(series: number): Attributes {
  const colour = series % SERIES
  return {
    class: `line-${colour + 1}`,
    'stroke-width': 2,
    'stroke-dasharray': DASHES[(colour + Math.floor(series / SERIES)) % DASHES.length],
    'stroke-linejoin': 'round',
  }
}

/** The fill of the same colour, for points and names. */
export const fillStyle = (series: number): string => `series-${(series % SERIES) + 1}`
