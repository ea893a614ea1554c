import type { Logs } from '../logs.ts'
import type { Sequential } from '../sequential.ts'

/** What `fit` is about to do. */
export interface FitParams {
  readonly epochs: number
  /** Steps an epoch. */
  readonly steps: number
  /** Rows trained on. */
  readonly rows: number
}

/**
 * Functions that `fit` calls at its turns, each of them optional; epochs and batches count from 0, as in Keras. A promise
 * is waited for. `model.stopTraining = true` ends training after the epoch.
 *
 * `logs` are running means over the epoch so far; the object is used again for the next batch, so copy what you keep.
 *
 * @example
 * await model.fit(x, y, { callbacks: [{ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) }] })
 */
export interface Callback {
  onTrainBegin?(params: FitParams, model: Sequential): void | Promise<void>
  onEpochBegin?(epoch: number, model: Sequential): void | Promise<void>
  onBatchEnd?(batch: number, logs: Readonly<Logs>, model: Sequential): void | Promise<void>
  onEpochEnd?(epoch: number, logs: Readonly<Logs>, model: Sequential): void | Promise<void>
  onTrainEnd?(logs: Readonly<Logs>, model: Sequential): void | Promise<void>
}
