import { OptionError } from '../errors.ts'
import type { Loss } from '../losses/loss.ts'
import { type LossName, loss } from '../losses/losses.ts'
import type { Metric } from '../metrics/metric.ts'
import { type MetricName, metric } from '../metrics/metrics.ts'
import type { Optimizer } from '../optim/optimizer.ts'
import { type OptimizerName, optimizer } from '../optim/optimizers.ts'
import { checkOptions, filePath, flag, fraction, wholeNumber } from '../options.ts'
import { MAX_ELEMENTS, type Shape, sizeOf } from '../tensor/shape.ts'
import type { Rows } from '../tensor/tensor.ts'
import type { Callback } from './callbacks/callback.ts'
import { checkHooks } from './callbacks/hooks.ts'
import { ProgressBar, type Verbosity } from './callbacks/progress-bar.ts'
import type { TrainingState } from './resuming/training-state.ts'

/** Options of a {@link Sequential}. */
export interface SequentialOptions {
  /** The shape of one row: `[28, 28, 1]`. Default: that of the first data the model sees. */
  readonly inputShape?: Shape
  /** Default 'sequential'. */
  readonly name?: string
  /** Seeds the first weights, and `fit` where it is given no seed of its own. Default 0. */
  readonly seed?: number
}

/** Options of {@link Sequential.compile}. */
export interface CompileOptions {
  /** What training makes small. */
  readonly loss: LossName | Loss
  /** Default 'adam'. */
  readonly optimizer?: OptimizerName | Optimizer
  /** Default none. */
  readonly metrics?: readonly (MetricName | Metric)[]
}

/** Options of {@link Sequential.fit}. */
export interface FitOptions {
  /** Rows that each step learns from; the last batch of an epoch may be shorter. Default 32. */
  readonly batchSize?: number
  /** Times that training goes through the data. Default 1. */
  readonly epochs?: number
  /** 0 silent, 1 a progress bar on a terminal and a line an epoch elsewhere, 2 a line an epoch. Default 1. */
  readonly verbose?: Verbosity
  /** Rows and targets to evaluate after each epoch. Default none. */
  readonly validationData?: readonly [x: Rows, y: Rows]
  /**
   * The share of rows, taken from the end, that is kept for validation: at least 0, below 1. Default 0; `validationData`
   * takes its place.
   */
  readonly validationSplit?: number
  /** Whether each epoch takes the rows in a new order. Default true. */
  readonly shuffle?: boolean
  /** Seeds shuffles and Dropout. Default: the model's seed. */
  readonly seed?: number
  /**
   * Called at each turn in this order, behind the progress bar that `verbose` asks for: see {@link Callback}. Default none.
   */
  readonly callbacks?: readonly Callback[]
  /**
   * Ends training after the step under way; `fit` then rejects with the signal's reason. What training can go on from is
   * then in the model: `model.save(path)` writes it. With one that has aborted already, all is checked and nothing changed.
   */
  readonly signal?: AbortSignal
  /**
   * Goes on from where another `fit` stood, to the bit: a state from `getTrainingState` or, with Node, the path of a file
   * that `model.save` or a ModelCheckpoint has written. The model, which may be a new one, takes over weights and
   * optimiser. Data, `batchSize`, `shuffle`, `seed` and callbacks that keep something must be as they were; those of these
   * options that are not given are taken from the state, and so is `epochs`, which may also be another number. The backend's
   * numerics and fusion must be as they were too, since bits depend on them; `loadModel` and a `fit` without `resumeFrom`
   * train on with others. All of that is checked before anything is changed. Default none.
   */
  readonly resumeFrom?: TrainingState | string
  /** Whether `resumeFrom` may have weights, or numbers of the optimiser, that are NaN or infinite. Default false. */
  readonly allowNonFinite?: boolean
}

/** Options of what goes through rows without training: {@link Sequential.evaluate} and others. */
export interface BatchOptions {
  /** Rows computed at a time: memory against speed. Default 32. */
  readonly batchSize?: number
}

/** What `compile` was given, looked up. */
export interface Compiled {
  readonly loss: Loss
  readonly optimizer: Optimizer
  readonly metrics: readonly Metric[]
}

export function checkShape(owner: string, shape: Shape): Shape {
  // `Array.from` shows the holes of a sparse array.
  const good =
    Array.isArray(shape) && Array.from(shape).every(length => Number.isSafeInteger(length) && length > 0)
  if (!good || shape.length === 0) {
    throw new OptionError(owner, 'inputShape', shape, 'the shape of one row, such as [28, 28, 1]')
  }
  if (sizeOf(shape) > MAX_ELEMENTS)
    throw new OptionError(owner, 'inputShape', shape, `a row of at most ${MAX_ELEMENTS} elements`)
  return [...shape]
}

export function checkBatchSize(owner: string, options: BatchOptions): number {
  checkOptions(owner, options, ['batchSize'])
  return wholeNumber(owner, 'batchSize', options.batchSize ?? 32, { min: 1 })
}

export function checkCompileOptions(options: CompileOptions): Compiled {
  checkOptions('compile', options, ['loss', 'optimizer', 'metrics'])
  const { metrics = [] } = options
  if (!Array.isArray(metrics))
    throw new OptionError('compile', 'metrics', metrics, "a list, such as ['accuracy']")
  const compiled: Compiled = {
    loss: loss('compile', options.loss),
    optimizer: optimizer('compile', options.optimizer ?? 'adam'),
    metrics: metrics.map((given: MetricName | Metric) => metric('compile', given)),
  }
  const names = ['loss', ...compiled.metrics.map(({ name }) => name)]
  if (new Set(names).size < names.length)
    throw new OptionError('compile', 'metrics', names.slice(1), 'distinct names')
  const bad = names.find(name => !/^[a-z]\w*$/i.test(name) || name in {})
  if (bad !== undefined) throw new OptionError('compile', 'metrics', bad, 'a name of letters and digits')
  return compiled
}

/** @param defaults in place of those that are documented */
export function checkFitOptions(
  options: FitOptions,
  defaults: Pick<FitOptions, 'batchSize' | 'epochs' | 'shuffle'> & { readonly seed: number },
) {
  checkOptions('fit', options, [
    'batchSize',
    'epochs',
    'verbose',
    'validationData',
    'validationSplit',
    'shuffle',
    'seed',
    'callbacks',
    'signal',
    'resumeFrom',
    'allowNonFinite',
  ])
  const { verbose = 1, validationData, callbacks = [], signal, resumeFrom, allowNonFinite = false } = options
  const { batchSize = 32, epochs = 1, shuffle = true, seed } = defaults
  if (verbose !== 0 && verbose !== 1 && verbose !== 2)
    throw new OptionError('fit', 'verbose', verbose, '0, 1 or 2')
  if (validationData !== undefined && !(Array.isArray(validationData) && validationData.length === 2)) {
    throw new OptionError('fit', 'validationData', validationData, 'a pair [x, y]')
  }
  checkCallbacks(callbacks)
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new OptionError('fit', 'signal', signal, 'an AbortSignal')
  }
  if (typeof resumeFrom === 'string') filePath('fit', 'resumeFrom', resumeFrom)
  else if (resumeFrom !== undefined) checkTrainingState('fit', 'resumeFrom', resumeFrom)
  const showsProgress = verbose !== 0 && !callbacks.some(callback => callback instanceof ProgressBar)
  return {
    batchSize: wholeNumber('fit', 'batchSize', options.batchSize ?? batchSize, { min: 1 }),
    epochs: wholeNumber('fit', 'epochs', options.epochs ?? epochs, { min: 0 }),
    validationSplit: fraction('fit', 'validationSplit', options.validationSplit ?? 0),
    shuffle: flag('fit', 'shuffle', options.shuffle ?? shuffle),
    seed: wholeNumber('fit', 'seed', options.seed ?? seed, { min: 0 }),
    callbacks: showsProgress ? [new ProgressBar({ verbose }), ...callbacks] : callbacks,
    signal,
    resumeFrom,
    allowNonFinite: flag('fit', 'allowNonFinite', allowNonFinite),
  }
}

function checkCallbacks(callbacks: readonly Callback[]): void {
  if (!Array.isArray(callbacks)) throw new OptionError('fit', 'callbacks', callbacks, 'a list of callbacks')
  // `Array.from` shows the holes of a sparse array.
  for (const [i, callback] of Array.from(callbacks).entries()) {
    if (typeof callback !== 'object' || !callback || Array.isArray(callback))
      throw new OptionError('fit', `callbacks[${i}]`, callback, 'a callback, such as { onEpochEnd: … }')
    checkHooks('fit', `callbacks[${i}].`, callback)
  }
}

/** Options of {@link Sequential.setTrainingState}. */
export interface StateOptions {
  /** Whether weights, and numbers of the optimiser, that are NaN or infinite are taken as they are. Default false. */
  readonly allowNonFinite?: boolean
}

/** @returns whether such numbers are taken */
export function checkStateOptions(owner: string, options: StateOptions): boolean {
  checkOptions(owner, options, ['allowNonFinite'])
  return flag(owner, 'allowNonFinite', options.allowNonFinite ?? false)
}

/** @throws OptionError for something else; whether it fits the model is another question */
export function checkTrainingState(owner: string, option: string, state: TrainingState): void {
  const { architecture, weights, optimizer, fit } = state ?? {}
  const parts = [architecture, weights, optimizer, fit]
  if (parts.some(part => typeof part !== 'object') || !architecture || !weights) {
    throw new OptionError(owner, option, state, 'a training state, as getTrainingState() gives it')
  }
}
