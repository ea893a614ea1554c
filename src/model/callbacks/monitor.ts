import { OptionError, show } from '../../errors.ts'
import { nonNegative, oneOf, sameLetters } from '../../options.ts'
import { isOfValidation, type Logs, validationName } from '../logs.ts'
import type { FitParams } from './callback.ts'

const modes = ['auto', 'min', 'max'] as const

/** Whether a number is to become small or large; `auto` tells it by the number's name. */
export type MonitorMode = (typeof modes)[number]

/** Options of callbacks that follow one of the numbers of an epoch. */
export interface MonitorOptions {
  /** The number's name in the logs: `loss`, `valAccuracy`. Default 'valLoss'. */
  readonly monitor?: string
  /**
   * `auto` is max where the name has `acc` or `auc` in it, and min where it has `loss` or `error`. Default 'auto'.
   */
  readonly mode?: MonitorMode
}

/** One number of an epoch, as a callback follows it. */
export class Monitor {
  readonly name: string
  readonly #owner: string
  /** 1 where larger is better, −1 where smaller is. */
  readonly #sign: 1 | -1
  readonly #minDelta: number

  /**
   * @param owner the callback, for errors
   * @param minDelta by how much more than this a number must be better: at least 0
   * @throws OptionError, also where `auto` cannot tell the mode
   */
  constructor(owner: string, options: MonitorOptions, minDelta = 0) {
    const { monitor = 'valLoss', mode = 'auto' } = options
    if (typeof monitor !== 'string' || monitor === '')
      throw new OptionError(owner, 'monitor', monitor, 'the name of a number in the logs')
    this.#owner = owner
    this.name = monitor
    oneOf(owner, 'mode', mode, modes)
    this.#sign = (mode === 'auto' ? modeOf(owner, monitor) : mode) === 'max' ? 1 : -1
    this.#minDelta = nonNegative(owner, 'minDelta', minDelta)
  }

  /**
   * Refuses, before training, a name that is misspelt or asks for a validation that there is none of. Other names may yet
   * be added by a callback.
   * @throws OptionError
   */
  check({ names }: FitParams): void {
    const expected = missing(this.name, names)
    if (expected) throw this.#refusal(expected)
  }

  /** @throws OptionError where the logs do not have the number */
  valueIn(logs: Readonly<Logs>): number {
    const value = logs[this.name]
    if (value === undefined)
      throw this.#refusal(`one of the numbers of an epoch: ${Object.keys(logs).map(show).join(', ')}`)
    return value
  }

  /** Whether a value is better than another by more than `minDelta`; any is better than null. */
  isBetter(value: number, than: number | null): boolean {
    return than === null || this.#sign * value - this.#minDelta > this.#sign * than
  }

  #refusal(expected: string): OptionError {
    return new OptionError(this.#owner, 'monitor', this.name, expected)
  }
}

/**
 * What is expected in place of a number that a `fit` with these surely does not have: its name is misspelt, or it comes
 * from a validation that there is none of. Null where they have it, or a callback may add it.
 */
export function missing(name: string, names: readonly string[]): string | null {
  if (names.includes(name)) return null
  const meant = sameLetters(name, [...names, ...names.map(validationName)])
  if (meant !== undefined && meant !== name)
    return `${show(meant)} (this fit has ${names.map(show).join(', ')})`
  if (isOfValidation(name) && !names.includes('valLoss'))
    return 'validationData or validationSplit in fit, since it comes from validation'
  return null
}

/** Whether larger or smaller is better, as the name of a number tells it; null where it does not. */
export function betterMode(name: string): 'min' | 'max' | null {
  const isMax = /acc|auc/i.test(name)
  const isMin = /loss|error/i.test(name)
  if (isMax === isMin) return null
  return isMax ? 'max' : 'min'
}

function modeOf(owner: string, monitor: string): 'min' | 'max' {
  const mode = betterMode(monitor)
  if (mode !== null) return mode
  throw new OptionError(
    owner,
    'mode',
    'auto',
    `"min" or "max", since the name ${show(monitor)} does not tell which is better`,
  )
}
