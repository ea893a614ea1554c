import type { Logs } from '../logs.ts'
import type { Plain } from '../resuming/training-state.ts'
import type { Sequential } from '../sequential.ts'
import type { WeightShape } from '../weights.ts'

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
  /** Where a resumed `fit` goes on: the epoch, and the steps of it that are done. Absent where it begins at the beginning. */
  readonly resumedAt?: { readonly epoch: number; readonly batch: number }
}

/**
 * Functions that `fit` calls at its turns, each of them optional; epochs and batches count from 0, as in Keras. A promise
 * is waited for. The functions may call `model.setWeights`, change `model.compiled.optimizer.learningRate`, and set
 * `model.stopTraining = true`, which ends training after the epoch.
 *
 * A batch's `logs` are running means over the epoch so far; the object is used again for the next batch, so copy what you
 * keep. What `onEpochEnd` adds to its `logs`, numbers alone, is seen by the callbacks behind it and kept by the History.
 *
 * Where `fit` is resumed, all callbacks are told of `onTrainBegin`, and then of what has not yet been: in the middle of an
 * epoch there is no second `onEpochBegin`. A state may be taken while callbacks are told of something, as a
 * ModelCheckpoint does; those behind it are told when it is resumed, and one whose error has ended training counts as told.
 * A callback that keeps something of the epochs and has `getState` and `setState` goes on from there.
 *
 * @example
 * await model.fit(x, y, { callbacks: [{ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) }] })
 */
export interface Callback {
  /** The class name, by which a resumed `fit` finds the callback that a state belongs to. Default none. */
  readonly type?: string
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
  /** What the callback has to know in order to go on. Arrays in it must not change any more. */
  getState?(): Plain
  /**
   * Throws where `setState` could not go on from a state: called before anything is changed, and before `onTrainBegin`, by a
   * `fit` that is to be resumed, which then lists what is wrong with all states. `weights` tell the weights that the model
   * has. Default: any state will do.
   */
  checkState?(state: Plain, weights: readonly WeightShape[]): void
  /**
   * Goes on from what `getState` gave, in this process or another: called after `onTrainBegin`, by a `fit` that is resumed.
   * Where it throws, that `fit` rejects; model and callbacks are then as they were, the latter by `setState` with what
   * `getState` gave before.
   */
  setState?(state: Plain): void
}
