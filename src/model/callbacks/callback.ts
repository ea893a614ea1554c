import type { Logs } from '../logs.ts'
import type { Sequential } from '../sequential.ts'

/** What `fit` is about to do. */
export interface FitParams {
  readonly epochs: number
  /** Steps an epoch. */
  readonly steps: number
  /** Rows trained on. */
  readonly rows: number
  /** Rows a step; the last step of an epoch may have fewer. */
  readonly batchSize: number
  /** The numbers that each epoch will have, in the order of its logs: `['loss', 'accuracy', 'valLoss', 'valAccuracy']`. */
  readonly names: readonly string[]
}

/**
 * Functions that `fit` calls at its turns, each of them optional; epochs and batches count from 0, as in Keras. A promise
 * is waited for. The functions may call `model.setWeights`, change `model.compiled.optimizer.learningRate`, and set
 * `model.stopTraining = true`, which ends training after the epoch.
 *
 * A batch's `logs` are running means over the epoch so far; the object is used again for the next batch, so copy what you
 * keep. What `onEpochEnd` adds to its `logs` is seen by the callbacks behind it and kept by the History.
 *
 * @example
 * await model.fit(x, y, { callbacks: [{ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) }] })
 */
export interface Callback {
  onTrainBegin?(params: FitParams, model: Sequential): void | Promise<void>
  onEpochBegin?(epoch: number, model: Sequential): void | Promise<void>
  onBatchBegin?(batch: number, model: Sequential): void | Promise<void>
  onBatchEnd?(batch: number, logs: Readonly<Logs>, model: Sequential): void | Promise<void>
  /** Before an epoch's validation, where there is one. */
  onTestBegin?(model: Sequential): void | Promise<void>
  /** After it, with its numbers as `evaluate` names them: `loss`, not `valLoss`. */
  onTestEnd?(logs: Readonly<Logs>, model: Sequential): void | Promise<void>
  onEpochEnd?(epoch: number, logs: Logs, model: Sequential): void | Promise<void>
  /** After the last epoch, with its numbers. */
  onTrainEnd?(logs: Readonly<Logs>, model: Sequential): void | Promise<void>
  /**
   * In place of `onTrainEnd` where `fit` rejects: NaN, an aborted signal, an error of a callback. It is for letting go of
   * what `onTrainBegin` took hold of: only callbacks that were told of the beginning, and not yet of the end, are called,
   * and what they throw here gives way to the first error.
   */
  onTrainFail?(error: unknown, model: Sequential): void | Promise<void>
}
