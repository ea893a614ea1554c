/**
 * Every error that this library throws on purpose is one of these. A message names the culprit (a layer, an option, a
 * file and row), what was found and what was expected; the fields repeat it for programs.
 *
 * @example
 * try { new Dropout({ rate: 1 }) } catch (error) {
 *   if (error instanceof OptionError) console.log(error.owner, error.option) // 'Dropout', 'rate'
 * }
 */
export class ConvnetError extends Error {
  override readonly name: string = 'ConvnetError'
}

/** An option, or an argument, has a value that it may not have. */
export class OptionError extends ConvnetError {
  override readonly name = 'OptionError'
  /** Who takes the option: a class or function, such as `Conv2D` or `fit`. */
  readonly owner: string
  /** The option's name as the caller writes it. */
  readonly option: string

  constructor(owner: string, option: string, found: unknown, expected: string) {
    super(`${owner}: ${option} is ${show(found)}, expected ${expected}`)
    this.owner = owner
    this.option = option
  }
}

/** A shape does not fit: an image smaller than the kernel, 784 columns where 28×28×1 are meant. */
export class ShapeError extends ConvnetError {
  override readonly name = 'ShapeError'
  /** The layer, function or array whose shape is wrong. */
  readonly owner: string
  /** The message without its owner. */
  readonly detail: string

  constructor(owner: string, detail: string) {
    super(`${owner}: ${detail}`)
    this.owner = owner
    this.detail = detail
  }
}

/** Where in a data source something was found. Rows count from 1, a CSV's header being row 1; bytes count from 0. */
export interface DataPlace {
  /** A file's path, or the name of the array that was passed in. */
  readonly file: string
  readonly row?: number
  readonly column?: string
  readonly byte?: number
}

/** A data file, or an array of labels, holds something that it may not hold. */
export class DataError extends ConvnetError {
  override readonly name = 'DataError'
  readonly place: DataPlace

  constructor(place: DataPlace, message: string, options?: ErrorOptions) {
    const { file, row, column, byte } = place
    const where = [file]
    if (row !== undefined) where.push(`row ${row}`)
    if (column !== undefined) where.push(`column ${column}`)
    if (byte !== undefined) where.push(`byte ${byte}`)
    super(`${where.join(', ')}: ${message}`, options)
    this.place = place
  }
}

/** Something was asked of a model that it cannot do now: training before `compile`, two `fit` at a time. */
export class StateError extends ConvnetError {
  override readonly name = 'StateError'
}

/**
 * NaN or infinity appeared while training. The weights are those from before the step, unless the message says that an
 * update has ruined them.
 */
export class NonFiniteError extends ConvnetError {
  override readonly name = 'NonFiniteError'
  /** The first layer with an output or a parameter that is not finite; `loss` where only the loss itself is not. */
  readonly layer: string
  /** Counted from 1. */
  readonly epoch: number
  /** Counted from 1 in each epoch. */
  readonly step: number

  constructor(layer: string, epoch: number, step: number, message: string) {
    super(message)
    this.layer = layer
    this.epoch = epoch
    this.step = step
  }
}

/** A weight with numbers that are NaN or infinite. */
export interface NonFiniteWeight {
  /** Its path: `conv2d/kernel`. */
  readonly weight: string
  /** How many of its numbers are not finite. */
  readonly count: number
  /** Where the first of them is, in row-major order. */
  readonly index: number
  /** What it is. */
  readonly value: number
}

/** Says it in words. */
export function describeNonFinite({ weight, count, index, value }: NonFiniteWeight): string {
  const others = count === 1 ? '' : `, the first of ${count} such numbers`
  return `${weight} has ${value} at element ${index}${others}`
}

/** Weights that are to be written or loaded are NaN or infinite, and nobody has allowed that by `allowNonFinite: true`. */
export class NonFiniteWeightError extends ConvnetError {
  override readonly name = 'NonFiniteWeightError'
  /** All of them, in the order of the model. */
  readonly weights: readonly NonFiniteWeight[]

  /** @param owner who refuses them: a function, or a file */
  constructor(owner: string, weights: readonly NonFiniteWeight[]) {
    const lines = weights.slice(0, MAX_WEIGHTS_LISTED).map(describeNonFinite)
    if (weights.length > lines.length) lines.push(`and ${weights.length - lines.length} weights more`)
    const found = lines.length === 1 ? ` ${lines[0]}, ` : `${lines.map(line => `\n- ${line}`).join('')}\n`
    super(
      `${owner}:${found}expected finite numbers: the model is ruined; allowNonFinite: true takes it as it is`,
    )
    this.weights = weights
  }
}

/** More say nothing new: where one weight is ruined, those that learn from it soon are. */
const MAX_WEIGHTS_LISTED = 20

/** A file is no model, or not one that can be loaded. Nothing has been made of it. */
export class ModelFileError extends ConvnetError {
  override readonly name = 'ModelFileError'
  /** The file's path, or the name of the function that was given its bytes. */
  readonly file: string
  /** All that was found wrong, each with what was expected. */
  readonly problems: readonly string[]

  constructor(file: string, problems: readonly string[], options?: ErrorOptions) {
    const list =
      problems.length === 1 ? ` ${problems[0]}` : problems.map(problem => `\n- ${problem}`).join('')
    super(`${file}:${list}`, options)
    this.file = file
    this.problems = problems
  }
}

/**
 * A training state belongs to another model, other data or other options than those that were to go on from it, or is
 * damaged. Nothing has been changed.
 */
export class ResumeError extends ConvnetError {
  override readonly name = 'ResumeError'
  /** All that differs or is wrong, up to 100 of it: what the state has, and what it was to be used with. */
  readonly differences: readonly string[]

  /** @param owner who was given the state: `fit`, or the file that it is from */
  constructor(owner: string, differences: readonly string[], options?: ErrorOptions) {
    const told = firstOf(differences.slice(0, MAX_LISTED), differences.length)
    const list = told.map(difference => `\n- ${difference}`).join('')
    super(`${owner}: cannot go on from this training state:${list}`, options)
    this.differences = told
  }
}

/** A layer cannot be said in the format that its model is to be written in. Nothing was written. */
export class UnsupportedLayerError extends ConvnetError {
  override readonly name = 'UnsupportedLayerError'
  /** The layer's name in its model. */
  readonly layer: string

  constructor(owner: string, layer: string, detail: string) {
    super(`${owner}: layer ${layer}: ${detail}`)
    this.layer = layer
  }
}

/** A model has more weights than a file of the format that it is to be written in can hold. Nothing was written. */
export class FormatLimitError extends ConvnetError {
  override readonly name = 'FormatLimitError'
  /** Of all weights. */
  readonly bytes: number
  /** The most that the format has room for. */
  readonly limit: number

  /** @param owner who was to write the model: `toOnnx` */
  constructor(owner: string, bytes: number, limit: number) {
    const most = `at most ${megabytes(limit)} MB`
    super(`${owner}: the weights are ${megabytes(bytes)} MB, expected ${most}: such a file cannot hold more`)
    this.bytes = bytes
    this.limit = limit
  }
}

/**
 * One of the threads that share the work of a model's computations has ended, hangs, or met an error, or cannot be
 * started. The arrays that were being computed may be half written. The other threads have been ended too, and whatever
 * else is asked of them throws the same error.
 */
export class WorkerError extends ConvnetError {
  override readonly name = 'WorkerError'
  /** Counted from 1; 0 is the calling thread. */
  readonly thread: number
  /** The task that was being run; null where none was. */
  readonly task: string | null

  constructor(thread: number, task: string | null, detail: string, options?: ErrorOptions) {
    super(`thread ${thread}${task === null ? '' : `, task ${task}`}: ${detail}`, options)
    this.thread = thread
    this.task = task
  }
}

/**
 * Memory cannot be had: the engine has no more, or it is more than the 4 GiB that the addresses of the kernels
 * reach. A smaller `batchSize` needs less. The weights are those of the last whole step.
 */
export class MemoryError extends ConvnetError {
  override readonly name = 'MemoryError'
  /** What was asked for. */
  readonly bytes: number
  /** What the kernels had by then, for all models. */
  readonly bytesBefore: number

  constructor(bytes: number, bytesBefore: number, options?: ErrorOptions) {
    super(
      `${megabytes(bytes)} MB of memory cannot be had besides the ${megabytes(bytesBefore)} MB that the kernels have, ` +
        'of 4295 MB at most: a smaller batchSize, or fewer weights, need less',
      options,
    )
    this.bytes = bytes
    this.bytesBefore = bytesBefore
  }
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

/** More problems than this say nothing new, and a file that was made to be wrong could have millions. */
export const MAX_LISTED = 100

/** The first of so many problems, with a line that says how many there are besides. */
export function firstOf(listed: readonly string[], count: number): readonly string[] {
  const more = count - listed.length
  return more === 0 ? listed : [...listed, `and ${more} more of the kind`]
}

/** A value as an error message shows it: short, with strings in quotes. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${value.byteLength} bytes`
  if (Array.isArray(value)) {
    const items = value.slice(0, 6).map(show)
    return `[${items.join(', ')}${value.length > 6 ? `, … ${value.length} in all` : ''}]`
  }
  if (typeof value === 'object' && value !== null)
    return `an object (${value.constructor?.name ?? 'no class'})`
  return String(value)
}
