import { checkOptions, fraction, nonNegative, wholeNumber } from '../../options.ts'
import { fields, nullOr, number, whole } from '../../schema.ts'
import type { Logs } from '../logs.ts'
import type { Plain } from '../resuming/training-state.ts'
import type { Sequential } from '../sequential.ts'
import { announcer, type CallbackVerbosity } from './announcer.ts'
import type { Callback, FitParams } from './callback.ts'
import { checkParts } from './check-parts.ts'
import { Monitor, type MonitorOptions } from './monitor.ts'

/** Options of {@link ReduceLROnPlateau}. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** What the learning rate is multiplied by: at least 0, below 1. Default 0.1. */
  readonly factor?: number
  /** Epochs without improvement after which the rate is reduced. Default 10. */
  readonly patience?: number
  /** Default 0. */
  readonly verbose?: CallbackVerbosity
  /** An improvement is a change for the better by more than this; at least 0. Default 0.0001. */
  readonly minDelta?: number
  /** Epochs after a reduction that are not counted. Default 0. */
  readonly cooldown?: number
  /** The rate is never reduced below this; at least 0. Default 0. */
  readonly minLr?: number
}

/**
 * Reduces the learning rate when a number has stopped improving. It adds to each epoch's logs the `learningRate` that the
 * epoch had.
 *
 *     learningRate ← max(learningRate·factor, minLr)
 *
 * Source: Keras 3, `ReduceLROnPlateau`.
 *
 * @throws OptionError for a bad option; from `fit`, for a `monitor` that its epochs do not have
 * @example
 * const plateau = new ReduceLROnPlateau({ factor: 0.5, patience: 3, minLr: 1e-5 })
 * await model.fit(x, y, { epochs: 100, validationSplit: 0.2, callbacks: [plateau] })
 */
export class ReduceLROnPlateau implements Callback {
  readonly type = 'ReduceLROnPlateau'
  readonly #monitor: Monitor
  readonly #factor: number
  readonly #patience: number
  readonly #cooldown: number
  readonly #minLr: number
  readonly #announce: (line: string) => void
  #best: number | null = null
  #wait = 0
  /** Epochs of the cooldown that are left. */
  #cooling = 0

  constructor(options: ReduceLROnPlateauOptions = {}) {
    checkOptions('ReduceLROnPlateau', options, [
      'monitor',
      'factor',
      'patience',
      'verbose',
      'mode',
      'minDelta',
      'cooldown',
      'minLr',
    ])
    const { factor = 0.1, patience = 10, minDelta = 1e-4, cooldown = 0, minLr = 0 } = options
    this.#monitor = new Monitor('ReduceLROnPlateau', options, minDelta)
    this.#factor = fraction('ReduceLROnPlateau', 'factor', factor)
    this.#patience = wholeNumber('ReduceLROnPlateau', 'patience', patience, { min: 0 })
    this.#announce = announcer('ReduceLROnPlateau', options.verbose)
    this.#cooldown = wholeNumber('ReduceLROnPlateau', 'cooldown', cooldown, { min: 0 })
    this.#minLr = nonNegative('ReduceLROnPlateau', 'minLr', minLr)
  }

  onTrainBegin(params: FitParams): void {
    this.#monitor.check(params)
    this.#best = null
    this.#wait = 0
    this.#cooling = 0
  }

  onEpochEnd(epoch: number, logs: Logs, model: Sequential): void {
    const current = this.#monitor.valueIn(logs)
    logs.learningRate = model.compiled!.optimizer.learningRate
    if (this.#cooling > 0) {
      this.#cooling--
      this.#wait = 0
    }
    if (this.#monitor.isBetter(current, this.#best)) {
      this.#best = current
      this.#wait = 0
    } else if (this.#cooling === 0) {
      this.#wait++
      if (this.#wait >= this.#patience) this.#reduce(epoch, model)
    }
  }

  getState() {
    return { best: this.#best, wait: this.#wait, cooling: this.#cooling }
  }

  checkState(state: Plain): void {
    checkParts('ReduceLROnPlateau', state, kept)
  }

  setState(state: State): void {
    this.checkState(state)
    this.#best = state.best
    this.#wait = state.wait
    this.#cooling = state.cooling
  }

  #reduce(epoch: number, model: Sequential): void {
    const { optimizer } = model.compiled!
    if (optimizer.learningRate <= this.#minLr) return
    optimizer.learningRate = Math.max(optimizer.learningRate * this.#factor, this.#minLr)
    this.#announce(
      `Epoch ${epoch + 1}: ReduceLROnPlateau reducing learning rate to ${optimizer.learningRate}.`,
    )
    this.#cooling = this.#cooldown
    this.#wait = 0
  }
}

type State = ReturnType<ReduceLROnPlateau['getState']>

const kept = fields<State>({ best: nullOr(number), wait: whole, cooling: whole })
