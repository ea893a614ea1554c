import { OptionError, show } from '../errors.ts'
import { History } from '../model/callbacks/history.ts'

/** Numbers of each epoch, by name: `{ loss: [0.9, 0.5], valLoss: [0.6, 0.5] }`, from epoch 1 on. NaN leaves a gap. */
export type Curves = { readonly [name: string]: readonly number[] }

/** Curves of another training, drawn thinly behind one's own: those of a paper, or of an earlier run. */
export interface ReferenceCurves {
  /** Stands in the legend. */
  readonly name: string
  readonly history: History | Curves
}

/** Curves that can be drawn. */
export interface ShownCurves {
  /** With NaN for whatever is not finite. */
  readonly curves: Curves
  /** The number of each epoch: 1, 2, … or, of a training that went on from another, 5, 6, … */
  readonly epochs: readonly number[]
}

/** No number that is trained with float32 is larger. */
const MAX_VALUE = 3.5e38

/**
 * The curves of a history. A number that a callback has added to some epochs of a History only is left out, since it does
 * not tell to which.
 *
 * @param option what the caller calls the history
 * @throws OptionError where there is no epoch in it, or something that is no number
 */
export function shownCurves(owner: string, option: string, history: History | Curves): ShownCurves {
  const isHistory = history instanceof History
  const given = isHistory ? history.history : history
  if (typeof given !== 'object' || given === null) {
    throw new OptionError(owner, option, history, 'a History, or lists of numbers by name')
  }
  const known = Object.entries(given).map(([name, values]) => {
    checkValues(owner, `${option}.${name}`, values)
    return [name, values.map(value => (Math.abs(value) < MAX_VALUE ? value : Number.NaN))] as const
  })
  const isWhole = (length: number) => length > 0 && (!isHistory || length === history.epoch.length)
  const shown = known.filter(([, values]) => isWhole(values.length))
  if (shown.length === 0) throw new OptionError(owner, option, history, 'numbers of one epoch at least')
  const longest = Math.max(...shown.map(([, values]) => values.length))
  const indices = isHistory ? history.epoch : Array.from({ length: longest }, (_, i) => i)
  return { curves: Object.fromEntries(shown), epochs: indices.map(index => index + 1) }
}

function checkValues(owner: string, option: string, values: readonly number[]): void {
  if (!Array.isArray(values)) throw new OptionError(owner, option, values, 'a list of numbers')
  const wrong = values.findIndex(value => typeof value !== 'number')
  if (wrong < 0) return
  throw new OptionError(owner, `${option}[${wrong}]`, values[wrong], `a number, ${show(Number.NaN)} for none`)
}
