import type { Config } from '../../config.ts'
import type { Numerics } from '../../kernels/simd/numerics.ts'
import type { Arrays, OptimizerMemory } from '../../optim/optimizer.ts'
import type { NumericArray } from '../../tensor/tensor.ts'
import type { Logs } from '../logs.ts'
import type { Architecture } from './architecture.ts'

/**
 * Data that can be written to a file: what JSON can say, any number (NaN, the infinities and −0 among them), and typed
 * arrays.
 */
export type Plain =
  | null
  | boolean
  | number
  | string
  | NumericArray
  | readonly Plain[]
  | { readonly [key: string]: Plain }

/**
 * All that training goes on from, to the bit: what `model.getTrainingState()` gives, and `model.setTrainingState(state)`
 * and `fit({ resumeFrom: state })` take. It is a copy, and plain data through and through (see {@link Plain}), so that it
 * can be kept, compared, and written to a file.
 *
 * What is a function of seeds and steps is not in it: orders of rows and masks are drawn again.
 */
export interface TrainingState {
  /** What the weights are of. */
  readonly architecture: Architecture
  /** All weights by their path, `conv2d/kernel`, in the order of `model.weightPaths`: each flat, in row-major order. */
  readonly weights: Arrays
  /** Null where the model is not compiled. */
  readonly optimizer: OptimizerSnapshot | null
  /** Where the last `fit` stands; null where none has begun since `compile`, or `trainOnBatch` was called since. */
  readonly fit: FitState | null
}

/** An optimiser and what it keeps of the steps so far. */
export interface OptimizerSnapshot extends OptimizerMemory {
  /** `adam`. */
  readonly name: string
  /** The options that make it again. */
  readonly config: Config
  /** As it is now: a callback may have changed it. */
  readonly learningRate: number
}

/** Where a `fit` stands: between two steps, or among the calls of its callbacks. */
export interface FitState {
  /** What it was asked for. */
  readonly settings: FitSettings
  /** The epoch under way, or the last one, counted from 0; −1 before the first. */
  readonly epoch: number
  /** Steps taken in it. */
  readonly batch: number
  /** The last function of callbacks that was called, on all of them or on some. */
  readonly turn: Turn
  /** How many of `callbacks`, from the first on, it was called on. */
  readonly told: number
  /**
   * The epoch's loss and metrics so far: each summed up over the rows seen, in the order of `settings.metrics`.
   */
  readonly sums: Float64Array
  /**
   * What callbacks are told at `onTestEnd` or `onEpochEnd`, with what they have added; at other turns nothing, since it
   * follows from the sums.
   */
  readonly logs: Readonly<Logs>
  /** Whether training ends after the epoch. */
  readonly stopTraining: boolean
  /** All callbacks in their order, the one that keeps the History last. */
  readonly callbacks: readonly CallbackSnapshot[]
}

/** Turns of a `fit` that it may be resumed from. A validation that is under way begins again at its first row. */
export type Turn = 'onEpochBegin' | 'onBatchBegin' | 'onBatchEnd' | 'onTestBegin' | 'onTestEnd' | 'onEpochEnd'

/** What the curve of a `fit` depends on beside its model: a `fit` that goes on must have the same, but for `epochs`. */
export interface FitSettings {
  readonly epochs: number
  readonly batchSize: number
  readonly shuffle: boolean
  readonly seed: number
  /** By name and config. */
  readonly loss: { readonly name: string; readonly config: Config }
  /** The numbers of each batch: `['loss', 'accuracy']`. */
  readonly metrics: readonly string[]
  readonly data: DataSummary
  /** Null where nothing was validated. */
  readonly validation: DataSummary | null
  /**
   * How the backend rounds; how many threads it has, and what turbo makes of it, changes no bit. Like `fusion` it is missing
   * in files that do not tell, and is not compared then.
   */
  readonly numerics?: Numerics
  /** Whether the backend fuses layers, which has weight gradients added up in another order. */
  readonly fusion?: boolean
}

/** What tells one set of labelled rows from another. */
export interface DataSummary {
  readonly rows: number
  /** 32 bits made of the values of up to 1,024 rows, spread evenly, and of their targets. */
  readonly fingerprint: number
}

/** A callback, and what it keeps of the epochs so far. */
export interface CallbackSnapshot {
  /** The callback's `type`; empty where it has none. */
  readonly type: string
  /** What its `getState` gave; null where it has none. */
  readonly state: Plain
}
