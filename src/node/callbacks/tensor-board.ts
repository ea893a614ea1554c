import { join } from 'node:path'
import { OptionError } from '../../errors.ts'
import type { Callback, FitParams } from '../../model/callbacks/callback.ts'
import { type Logs, validationName } from '../../model/logs.ts'
import type { Sequential } from '../../model/sequential.ts'
import { checkOptions, filePath, wholeNumber } from '../../options.ts'
import { isTensor, type Tensor } from '../../tensor/tensor.ts'
import { snakeCase } from '../../text/snake-case.ts'
import type { EventFile } from './event-file.ts'

/** Images that {@link TensorBoard} shows with what the model takes them for. */
export interface TensorBoardImages {
  /** [n, H, W, 1] or [n, H, W, 3], as the model takes them: bytes, or floats from 0 to 1. */
  readonly x: Tensor<Uint8Array> | Tensor<Float32Array>
  /** The true class of each image, so that wrong predictions are marked. Default: unknown. */
  readonly y?: ArrayLike<number>
  /** How many images to show at most, from the first on. Default 36. */
  readonly count?: number
  /**
   * A name for each class. Letters that `svgToPng` has no font for (Arabic, Chinese, emoji) come out as empty boxes.
   * Default: the indices.
   */
  readonly classNames?: readonly string[]
}

/** The same with the default filled in. */
export type ShownImages = TensorBoardImages & { readonly count: number }

/** Options of {@link TensorBoard}. */
export interface TensorBoardOptions {
  /** The folder for `train/` and `validation/`, made where it is missing. Default 'logs'. */
  readonly logDir?: string
  /**
   * After how many batches loss and metrics are written, beside those of each epoch: 'batch' for every one, 'epoch' for
   * none. Default 'epoch'.
   */
  readonly updateFreq?: 'epoch' | 'batch' | number
  /** Epochs from one set of weight histograms to the next; 0 for none. Default 0. */
  readonly histogramFreq?: number
  /** Images to show after each epoch. It needs the packages that `svgToPng` needs. Default none. */
  readonly images?: TensorBoardImages
}

/** Milliseconds that the numbers of batches wait at most, so that a long epoch can be watched. */
const MAX_WAIT_MS = 10_000

/**
 * Writes event files for TensorBoard (`tensorboard --logdir logs`), with the names that Keras gives:
 *
 *     train/       epoch_loss, epoch_accuracy, … and epoch_learning_rate, by epoch
 *                  batch_loss, …, by step, running means over the epoch (with updateFreq)
 *                  conv2d/kernel/histogram, …, by epoch (with histogramFreq)
 *                  predictions, by epoch (with images)
 *     validation/  epoch_loss, …, by epoch; evaluation_loss_vs_iterations, …, by step
 *
 * Epochs count from 0, steps from 1 at the beginning of this `fit`, or of the one that it resumes. Each `fit` writes new
 * files. They are written to as epochs end, and hold whole events when the process is killed. Numbers that callbacks behind
 * it add to an epoch are not seen.
 *
 * Source: Keras 3, `TensorBoard`. Its graph, profile and embeddings are not written.
 *
 * @throws OptionError for a bad option
 * @throws DataError from `fit` before its first step where the folder cannot be written to
 * @throws ConvnetError from `fit` before its first step where there are images, and packages for PNGs are missing
 * @example
 * const board = new TensorBoard({ logDir: 'logs/run-1', histogramFreq: 1 })
 * await model.fit(x, y, { epochs: 5, validationSplit: 0.2, callbacks: [board] })
 */
export class TensorBoard implements Callback {
  readonly #logDir: string
  readonly #histogramFreq: number
  readonly #images: ShownImages | null
  /** Batches from one set of their numbers to the next; 0 for none. */
  readonly #batches: number
  #train: EventFile | null = null
  #validation: EventFile | null = null
  #step = 0
  /** Steps of the epochs that are over. */
  #earlier = 0
  /** Steps an epoch. */
  #steps = 0
  /** When the numbers of batches were last written. */
  #flushed = 0

  constructor(options: TensorBoardOptions = {}) {
    const owner = 'TensorBoard'
    checkOptions(owner, options, ['logDir', 'updateFreq', 'histogramFreq', 'images'])
    const { logDir = 'logs', updateFreq = 'epoch', histogramFreq = 0, images } = options
    this.#logDir = filePath(owner, 'logDir', logDir)
    this.#histogramFreq = wholeNumber(owner, 'histogramFreq', histogramFreq, { min: 0 })
    this.#batches = batchesBetween(updateFreq)
    this.#images = images === undefined ? null : checkImages(images)
  }

  async onTrainBegin({ names, steps, resumedAt }: FitParams, model: Sequential): Promise<void> {
    this.#train = null
    this.#validation = null
    this.#steps = steps
    this.#earlier = (resumedAt?.epoch ?? 0) * steps
    this.#step = this.#earlier + (resumedAt?.batch ?? 0)
    this.#flushed = performance.now()
    // Drawn once to see that the images fit, and that what draws them is installed.
    if (this.#images) await this.#draw(this.#images, model)
    // Loaded when a run writes events, since few programs do.
    const { EventFile } = await import('./event-file.ts')
    this.#train = await EventFile.create(join(this.#logDir, 'train'))
    if (names.includes(validationName('loss'))) {
      this.#validation = await EventFile.create(join(this.#logDir, 'validation'))
    }
  }

  onEpochBegin(epoch: number): void {
    this.#earlier = epoch * this.#steps
  }

  onBatchEnd(batch: number, logs: Readonly<Logs>): void | Promise<void> {
    this.#step = this.#earlier + batch + 1
    if (this.#batches === 0 || this.#step % this.#batches !== 0) return
    for (const [name, value] of Object.entries(logs)) {
      this.#train!.addScalar(`batch_${snakeCase(name)}`, value, this.#step)
    }
    if (performance.now() - this.#flushed > MAX_WAIT_MS) return this.#flush()
  }

  onTestEnd(logs: Readonly<Logs>): void {
    for (const [name, value] of Object.entries(logs)) {
      this.#validation!.addScalar(`evaluation_${snakeCase(name)}_vs_iterations`, value, this.#step)
    }
  }

  async onEpochEnd(epoch: number, logs: Readonly<Logs>, model: Sequential): Promise<void> {
    const train = this.#train!
    const { learningRate } = model.compiled!.optimizer
    for (const [name, value] of Object.entries({ ...logs, learningRate })) {
      const inKeras = snakeCase(name)
      if (this.#validation && inKeras.startsWith('val_')) {
        this.#validation.addScalar(`epoch_${inKeras.slice(4)}`, value, epoch)
      } else {
        train.addScalar(`epoch_${inKeras}`, value, epoch)
      }
    }
    if (this.#histogramFreq > 0 && epoch % this.#histogramFreq === 0) addHistograms(train, model, epoch)
    if (this.#images) train.addImage('predictions', await this.#draw(this.#images, model), epoch)
    await this.#flush()
  }

  /** What batches have left waiting is written, if it can be. */
  async onTrainFail(): Promise<void> {
    await this.#flush()
  }

  async #draw(images: ShownImages, model: Sequential): Promise<Uint8Array> {
    const { predictionsPng } = await import('./predictions-png.ts')
    return predictionsPng(images, model)
  }

  async #flush(): Promise<void> {
    this.#flushed = performance.now()
    await this.#train?.flush()
    await this.#validation?.flush()
  }
}

function checkImages(images: TensorBoardImages): ShownImages {
  const owner = 'TensorBoard: images'
  checkOptions(owner, images, ['x', 'y', 'count', 'classNames'])
  const { x, y, count = 36 } = images
  if (!isTensor(x)) throw new OptionError(owner, 'x', x, 'a tensor, [n, H, W, 1]')
  if (y && y.length !== x.shape[0]) {
    throw new OptionError(owner, 'y', y, `${x.shape[0]} classes, one for each image`)
  }
  return { ...images, count: wholeNumber(owner, 'count', count, { min: 1, max: 1000 }) }
}

function batchesBetween(updateFreq: 'epoch' | 'batch' | number): number {
  if (updateFreq === 'epoch') return 0
  if (updateFreq === 'batch') return 1
  if (Number.isSafeInteger(updateFreq) && updateFreq >= 1) return updateFreq
  const expected = "'epoch', 'batch' or a whole number of at least 1"
  throw new OptionError('TensorBoard', 'updateFreq', updateFreq, expected)
}

function addHistograms(file: EventFile, model: Sequential, epoch: number): void {
  const paths = model.weightPaths
  for (const [i, { data }] of model.getWeights().entries()) {
    file.addHistogram(`${paths[i]}/histogram`, data, epoch)
  }
}
