import { OptionError } from '../../errors.ts'
import { checkOptions, nonNegative } from '../../options.ts'
import type { Logs } from '../logs.ts'
import type { Sequential } from '../sequential.ts'
import { announcer, type CallbackVerbosity } from './announcer.ts'
import type { Callback } from './callback.ts'

/** Gives an epoch, counted from 0, its learning rate, from the one that the optimiser has. */
export type LearningRateSchedule = (epoch: number, learningRate: number) => number

/** Options of {@link LearningRateScheduler}. */
export interface LearningRateSchedulerOptions {
  /** Default 0. */
  readonly verbose?: CallbackVerbosity
}

/**
 * Sets the learning rate at the beginning of each epoch: at least 0, where 0 leaves the weights as they are. It adds
 * `learningRate` to each epoch's logs.
 *
 * Source: Keras 3, `LearningRateScheduler`.
 *
 * @throws OptionError for a bad option; from `fit`, where the schedule gives a rate that is negative or not finite
 * @example
 * const halving = new LearningRateScheduler((epoch, learningRate) => (epoch % 10 === 9 ? learningRate / 2 : learningRate))
 * await model.fit(x, y, { epochs: 50, callbacks: [halving] })
 */
export class LearningRateScheduler implements Callback {
  readonly type = 'LearningRateScheduler'
  readonly #schedule: LearningRateSchedule
  readonly #announce: (line: string) => void

  constructor(schedule: LearningRateSchedule, options: LearningRateSchedulerOptions = {}) {
    if (typeof schedule !== 'function') {
      throw new OptionError(
        'LearningRateScheduler',
        'schedule',
        schedule,
        'a function of epoch and learning rate',
      )
    }
    checkOptions('LearningRateScheduler', options, ['verbose'])
    this.#schedule = schedule
    this.#announce = announcer('LearningRateScheduler', options.verbose)
  }

  onEpochBegin(epoch: number, model: Sequential): void {
    const { optimizer } = model.compiled!
    const before = optimizer.learningRate
    const call = `schedule(${epoch}, ${before})`
    optimizer.learningRate = nonNegative('LearningRateScheduler', call, this.#schedule(epoch, before))
    this.#announce(
      `Epoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${optimizer.learningRate}.`,
    )
  }

  onEpochEnd(_epoch: number, logs: Logs, model: Sequential): void {
    logs.learningRate = model.compiled!.optimizer.learningRate
  }
}
