import { checkOptions, finite, flag, wholeNumber } from '../../options.ts'
import { fields, float32, listOf, nullOr, number, type Schema, whole } from '../../schema.ts'
import type { Logs } from '../logs.ts'
import type { Plain } from '../resuming/training-state.ts'
import type { Sequential } from '../sequential.ts'
import type { WeightShape } from '../weights.ts'
import { announcer, type CallbackVerbosity } from './announcer.ts'
import type { Callback, FitParams } from './callback.ts'
import { checkParts, copiesOf } from './check-parts.ts'
import { Monitor, type MonitorOptions } from './monitor.ts'

/** Options of {@link EarlyStopping}. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** An improvement is a change for the better by more than this; at least 0. Default 0. */
  readonly minDelta?: number
  /** Epochs without improvement after which training ends. Default 0, which is the same as 1. */
  readonly patience?: number
  /** Default 0. */
  readonly verbose?: CallbackVerbosity
  /** What the number must be better than as well, for the patience to begin anew. Default none. */
  readonly baseline?: number
  /** Whether the model has the weights of the best epoch when training ends, for whatever reason. Default false. */
  readonly restoreBestWeights?: boolean
  /** The first epoch that is looked at, counted from 0. Default 0. */
  readonly startFromEpoch?: number
}

/**
 * Ends training when a number has stopped improving.
 *
 * With `restoreBestWeights` the best epoch's weights are set when training ends, even where it ended because there were no
 * more epochs; where `fit` rejects, they are not. The first epoch never ends training.
 *
 * Source: Keras 3, `EarlyStopping`.
 *
 * @throws OptionError for a bad option; from `fit`, for a `monitor` that its epochs do not have
 * @example
 * const stopping = new EarlyStopping({ patience: 3, restoreBestWeights: true })
 * await model.fit(x, y, { epochs: 100, validationSplit: 0.2, callbacks: [stopping] })
 * stopping.bestEpoch // the weights are those after it
 */
export class EarlyStopping implements Callback {
  readonly type = 'EarlyStopping'
  /** The best value so far; null before the first. */
  best: number | null = null
  /** The epoch that had it, counted from 0. */
  bestEpoch = 0
  /** The epoch that training was ended after, counted from 0; 0 where it was not. */
  stoppedEpoch = 0
  readonly #monitor: Monitor
  readonly #patience: number
  readonly #baseline: number | null
  readonly #restores: boolean
  readonly #startFromEpoch: number
  readonly #announce: (line: string) => void
  #wait = 0
  #bestWeights: readonly Float32Array[] | null = null

  constructor(options: EarlyStoppingOptions = {}) {
    checkOptions('EarlyStopping', options, [
      'monitor',
      'minDelta',
      'patience',
      'verbose',
      'mode',
      'baseline',
      'restoreBestWeights',
      'startFromEpoch',
    ])
    const { minDelta, patience = 0, baseline, restoreBestWeights = false, startFromEpoch = 0 } = options
    this.#monitor = new Monitor('EarlyStopping', options, minDelta)
    this.#patience = wholeNumber('EarlyStopping', 'patience', patience, { min: 0 })
    this.#announce = announcer('EarlyStopping', options.verbose)
    this.#baseline = baseline === undefined ? null : finite('EarlyStopping', 'baseline', baseline)
    this.#restores = flag('EarlyStopping', 'restoreBestWeights', restoreBestWeights)
    this.#startFromEpoch = wholeNumber('EarlyStopping', 'startFromEpoch', startFromEpoch, { min: 0 })
  }

  onTrainBegin(params: FitParams): void {
    this.#monitor.check(params)
    this.best = null
    this.bestEpoch = 0
    this.stoppedEpoch = 0
    this.#wait = 0
    this.#bestWeights = null
  }

  onEpochEnd(epoch: number, logs: Readonly<Logs>, model: Sequential): void {
    const current = this.#monitor.valueIn(logs)
    if (epoch < this.#startFromEpoch) return
    this.#wait++
    if (this.#monitor.isBetter(current, this.best)) {
      this.best = current
      this.bestEpoch = epoch
      if (this.#restores) this.#bestWeights = model.getWeights().map(({ data }) => data)
      if (this.#monitor.isBetter(current, this.#baseline)) this.#wait = 0
    } else if (this.#wait >= this.#patience && epoch > 0) {
      this.stoppedEpoch = epoch
      model.stopTraining = true
    }
  }

  onTrainEnd(_logs: Readonly<Logs>, model: Sequential): void {
    if (this.stoppedEpoch > 0) this.#announce(`Epoch ${this.stoppedEpoch + 1}: early stopping`)
    if (!this.#bestWeights) return
    this.#announce(`Restoring model weights from the end of the best epoch: ${this.bestEpoch + 1}.`)
    model.setWeights(this.#bestWeights)
    this.#bestWeights = null
  }

  onTrainFail(): void {
    this.#bestWeights = null
  }

  getState() {
    const { best, bestEpoch, stoppedEpoch } = this
    return { best, bestEpoch, stoppedEpoch, wait: this.#wait, bestWeights: this.#bestWeights }
  }

  checkState(state: Plain, weights: readonly WeightShape[]): void {
    checkParts('EarlyStopping', state, kept(copiesOf(weights)))
  }

  setState(state: State): void {
    checkParts('EarlyStopping', state, kept(listOf(float32)))
    this.best = state.best
    this.bestEpoch = state.bestEpoch
    this.stoppedEpoch = state.stoppedEpoch
    this.#wait = state.wait
    this.#bestWeights = this.#restores ? state.bestWeights : null
  }
}

type State = ReturnType<EarlyStopping['getState']>

const kept = (bestWeights: Schema) =>
  fields<State>({
    best: nullOr(number),
    bestEpoch: whole,
    stoppedEpoch: whole,
    wait: whole,
    bestWeights: nullOr(bestWeights),
  })
