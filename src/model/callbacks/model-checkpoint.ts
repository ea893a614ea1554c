import { OptionError } from '../../errors.ts'
import { checkOptions, finite, flag } from '../../options.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { Logs } from '../logs.ts'
import type { Sequential } from '../sequential.ts'
import { announcer, type CallbackVerbosity } from './announcer.ts'
import type { Callback, FitParams } from './callback.ts'
import { Monitor, type MonitorOptions } from './monitor.ts'

/** Options of {@link ModelCheckpoint}. `monitor` and `mode` matter with `saveBestOnly`. */
export interface ModelCheckpointOptions extends MonitorOptions {
  /** Default 0. */
  readonly verbose?: CallbackVerbosity
  /** Whether only an epoch that is better than all before is kept, rather than each. Default false. */
  readonly saveBestOnly?: boolean
  /** What the first epoch that is kept must be better than; goes with `saveBestOnly`. Default none. */
  readonly initialValueThreshold?: number
}

/** What a {@link ModelCheckpoint} keeps of an epoch. */
export interface Checkpoint {
  /** Counted from 0. */
  readonly epoch: number
  readonly logs: Readonly<Logs>
  /** For `model.setWeights`. */
  readonly weights: Tensor[]
}

/**
 * Keeps a copy of the weights after an epoch in memory: of the last one or, with `saveBestOnly`, of the best. What it has
 * stays, and is what a later `fit` has to beat.
 *
 * Source: Keras 3, `ModelCheckpoint`.
 *
 * @throws OptionError for a bad option; from `fit`, for a `monitor` that its epochs do not have
 * @example
 * const checkpoint = new ModelCheckpoint({ monitor: 'valAccuracy', saveBestOnly: true })
 * await model.fit(x, y, { epochs: 20, validationSplit: 0.2, callbacks: [checkpoint] })
 * if (checkpoint.saved) model.setWeights(checkpoint.saved.weights)
 */
export class ModelCheckpoint implements Callback {
  /** The epoch that is kept; null before the first. */
  saved: Checkpoint | null = null
  readonly #monitor: Monitor
  readonly #saveBestOnly: boolean
  readonly #announce: (line: string) => void
  #best: number | null

  constructor(options: ModelCheckpointOptions = {}) {
    checkOptions('ModelCheckpoint', options, [
      'monitor',
      'verbose',
      'saveBestOnly',
      'mode',
      'initialValueThreshold',
    ])
    const { saveBestOnly = false, initialValueThreshold } = options
    this.#monitor = new Monitor('ModelCheckpoint', options)
    this.#saveBestOnly = flag('ModelCheckpoint', 'saveBestOnly', saveBestOnly)
    this.#announce = announcer('ModelCheckpoint', options.verbose)
    this.#best = null
    if (initialValueThreshold === undefined) return
    this.#best = finite('ModelCheckpoint', 'initialValueThreshold', initialValueThreshold)
    if (!saveBestOnly) {
      const expected = 'saveBestOnly: true beside it'
      throw new OptionError('ModelCheckpoint', 'initialValueThreshold', initialValueThreshold, expected)
    }
  }

  onTrainBegin(params: FitParams): void {
    if (this.#saveBestOnly) this.#monitor.check(params)
  }

  onEpochEnd(epoch: number, logs: Readonly<Logs>, model: Sequential): void {
    if (this.#saveBestOnly && !this.#isBest(epoch, logs)) return
    if (!this.#saveBestOnly) this.#announce(`Epoch ${epoch + 1}: keeping the weights`)
    this.saved = { epoch, logs: { ...logs }, weights: model.getWeights() }
  }

  #isBest(epoch: number, logs: Readonly<Logs>): boolean {
    const { name } = this.#monitor
    const current = this.#monitor.valueIn(logs)
    const best = this.#best === null ? '' : ` from ${this.#best.toFixed(5)}`
    if (!this.#monitor.isBetter(current, this.#best)) {
      this.#announce(`Epoch ${epoch + 1}: ${name} did not improve${best}`)
      return false
    }
    this.#announce(
      `Epoch ${epoch + 1}: ${name} improved${best} to ${current.toFixed(5)}, keeping the weights`,
    )
    this.#best = current
    return true
  }
}
