import { StateError } from '../errors.ts'
import type { TrainingState } from './resuming/training-state.ts'
import type { Sequential } from './sequential.ts'
import type { WeightShape } from './weights.ts'

/** Options of `saveModel` and {@link Sequential.save}. */
export interface SaveOptions {
  /** Whether weights that are NaN or infinite are written as they are. Default false: they are refused. */
  readonly allowNonFinite?: boolean
}

/** What keeps models in files. Node's edge hands in its own; elsewhere there are no files. */
export interface Storage {
  /** Writes a model and all that its training goes on from. What it writes is the model at the time of the call. */
  save(model: Sequential, path: string, options: SaveOptions): Promise<void>
  /** Makes the folder of a file that is yet to be written, and rejects where that cannot be. */
  prepare(path: string): Promise<void>
  /**
   * Reads a file that training is to go on from.
   * @returns what gives its state for a model with such weights
   */
  readTrainingState(path: string): Promise<(weights: readonly WeightShape[]) => StoredTraining>
  /** Reads a whole file. */
  read(path: string): Promise<Uint8Array>
}

/** What a file has of a training. */
export interface StoredTraining {
  /** Without the arrays that the file lacks, or has in another type. */
  readonly state: TrainingState
  /** All that keeps the file's tensors from being those of the weights. */
  readonly problems: readonly string[]
}

const nowhere = async (): Promise<never> => {
  throw new StateError(
    'there are no files here: saveModel(model) gives bytes, and loadModel(bytes) takes them',
  )
}

let current: Storage = { save: nowhere, prepare: nowhere, readTrainingState: nowhere, read: nowhere }

/** The storage in use. */
export const storage = (): Storage => current

/** Hands in the storage; done once, by the edge. */
export function setStorage(chosen: Storage): void {
  current = chosen
}
