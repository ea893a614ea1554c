import { OptionError } from '../../errors.ts'
import { checkOptions, filePath, finite, flag, wholeNumber } from '../../options.ts'
import { fields, float32, listOf, mapOf, nullOr, number, text, whole } from '../../schema.ts'
import { type Tensor, tensor } from '../../tensor/tensor.ts'
import { type Template, template } from '../../text/template.ts'
import type { Logs } from '../logs.ts'
import type { Plain } from '../resuming/training-state.ts'
import type { Sequential } from '../sequential.ts'
import { storage } from '../storage.ts'
import { announcer, type CallbackVerbosity } from './announcer.ts'
import type { Callback, FitParams } from './callback.ts'
import { checkParts } from './check-parts.ts'
import { Monitor, type MonitorOptions, missing } from './monitor.ts'

/** Options of {@link ModelCheckpoint}. `monitor` and `mode` matter with `saveBestOnly`. */
export interface ModelCheckpointOptions extends MonitorOptions {
  /**
   * The path that the model is written to, again and again unless it has places for numbers: `{epoch}` and, with
   * `saveFreq`, `{batch}`, both counted from 1, `{loss}`, `{valAccuracy}` and what else is in the logs; `{epoch:03d}` pads
   * with zeros, `{valLoss:.4f}` says how many digits. Its folder, which has no such places, is made where it is missing.
   * Takes Node. Default none: copies of the weights are kept in memory.
   */
  readonly file?: string
  /** 'epoch', or after how many batches it saves, counted over all epochs. Default 'epoch'. */
  readonly saveFreq?: 'epoch' | number
  /** Default 0. */
  readonly verbose?: CallbackVerbosity
  /** Whether only an epoch that is better than all before is kept, rather than each. Default false. */
  readonly saveBestOnly?: boolean
  /** What the first epoch that is kept must be better than; goes with `saveBestOnly`. Default none. */
  readonly initialValueThreshold?: number
}

/** What a {@link ModelCheckpoint} keeps in memory. */
export interface Checkpoint {
  /** Counted from 0. */
  readonly epoch: number
  readonly logs: Readonly<Logs>
  /** For `model.setWeights`. */
  readonly weights: Tensor[]
}

/**
 * Keeps the model as it is after an epoch, or after some batches: the last one or, with `saveBestOnly`, the best. What it
 * has stays, and is what a later `fit` has to beat.
 *
 * With `file` it writes a file that `loadModel` reads and `fit({ resumeFrom })` goes on from; training waits until it is
 * written. Callbacks behind it are told of the epoch or batch when it is resumed. Without, it keeps the weights.
 *
 * Source: Keras 3, `ModelCheckpoint`; the best of single batches is not kept.
 *
 * @throws OptionError for a bad option; from `fit`, for a `monitor` that its epochs do not have
 * @throws DataError from `fit` where the file cannot be written: before its first step, as far as that can be told then
 * @example
 * const checkpoint = new ModelCheckpoint({ file: 'run/{epoch:02d}.safetensors' })
 * await model.fit(x, y, { epochs: 20, callbacks: [checkpoint] })
 * await model.fit(x, y, { callbacks: [checkpoint], resumeFrom: 'run/07.safetensors' })
 */
export class ModelCheckpoint implements Callback {
  readonly type = 'ModelCheckpoint'
  /** What is kept in memory; null before the first, and with `file`. */
  saved: Checkpoint | null = null
  /** The path of the last file written; null before the first, and without `file`. */
  savedFile: string | null = null
  readonly #monitor: Monitor
  readonly #file: Template | null
  /** Batches from one time to the next; null where it saves after epochs. */
  readonly #batches: number | null
  readonly #saveBestOnly: boolean
  readonly #announce: (line: string) => void
  #best: number | null
  #epoch = 0
  /** Batches since the last time. */
  #seen = 0

  constructor(options: ModelCheckpointOptions = {}) {
    checkOptions('ModelCheckpoint', options, [
      'file',
      'saveFreq',
      'monitor',
      'verbose',
      'saveBestOnly',
      'mode',
      'initialValueThreshold',
    ])
    const { file, saveFreq = 'epoch', saveBestOnly = false, initialValueThreshold } = options
    this.#monitor = new Monitor('ModelCheckpoint', options)
    this.#saveBestOnly = flag('ModelCheckpoint', 'saveBestOnly', saveBestOnly)
    this.#batches = batchesBetween(saveFreq, saveBestOnly)
    this.#file = file === undefined ? null : fileTemplate(file)
    this.#announce = announcer('ModelCheckpoint', options.verbose)
    this.#best = null
    if (initialValueThreshold === undefined) return
    this.#best = finite('ModelCheckpoint', 'initialValueThreshold', initialValueThreshold)
    if (!saveBestOnly) {
      const expected = 'saveBestOnly: true beside it'
      throw new OptionError('ModelCheckpoint', 'initialValueThreshold', initialValueThreshold, expected)
    }
  }

  onTrainBegin(params: FitParams): void | Promise<void> {
    if (this.#saveBestOnly) this.#monitor.check(params)
    const names = [...params.names, 'epoch', ...(this.#batches === null ? [] : ['batch'])]
    for (const name of this.#file?.names ?? []) {
      const expected = missing(name, names)
      if (expected) throw new OptionError('ModelCheckpoint', 'file', `{${name}}`, expected)
    }
    this.#epoch = params.resumedAt?.epoch ?? 0
    this.#seen = 0
    if (this.#file) return storage().prepare(this.#file.text)
  }

  onEpochBegin(epoch: number): void {
    this.#epoch = epoch
  }

  onBatchEnd(batch: number, logs: Readonly<Logs>, model: Sequential): void | Promise<void> {
    if (this.#batches === null || ++this.#seen < this.#batches) return
    this.#seen = 0
    const count = { epoch: this.#epoch + 1, batch: batch + 1 }
    return this.#save(model, logs, count, `Epoch ${count.epoch}, batch ${count.batch}: `)
  }

  onEpochEnd(epoch: number, logs: Readonly<Logs>, model: Sequential): void | Promise<void> {
    if (this.#batches !== null) return
    this.#epoch = epoch
    const count = { epoch: epoch + 1 }
    if (!this.#saveBestOnly) return this.#save(model, logs, count, `Epoch ${epoch + 1}: `)
    const { name } = this.#monitor
    const current = this.#monitor.valueIn(logs)
    const best = this.#best === null ? '' : ` from ${this.#best.toFixed(5)}`
    if (!this.#monitor.isBetter(current, this.#best)) {
      this.#announce(`Epoch ${epoch + 1}: ${name} did not improve${best}`)
      return
    }
    this.#best = current
    const improved = `Epoch ${epoch + 1}: ${name} improved${best} to ${current.toFixed(5)}, `
    return this.#save(model, logs, count, improved)
  }

  getState() {
    const { saved, savedFile } = this
    const kept = saved && {
      epoch: saved.epoch,
      logs: saved.logs,
      weights: saved.weights.map(({ data }) => data),
      shapes: saved.weights.map(({ shape }) => shape),
    }
    return { best: this.#best, seen: this.#seen, savedFile, saved: kept }
  }

  checkState(state: Plain): void {
    checkParts('ModelCheckpoint', state, kept)
    const { saved } = state as unknown as State
    if (saved) checkpointOf(saved)
  }

  setState(state: State): void {
    this.checkState(state)
    const { best, seen, savedFile, saved } = state
    this.saved = saved && checkpointOf(saved)
    this.#best = best
    this.#seen = seen
    this.savedFile = savedFile
  }

  #save(model: Sequential, logs: Readonly<Logs>, count: Logs, when: string): void | Promise<void> {
    if (!this.#file) {
      this.#announce(`${when}keeping the weights`)
      this.saved = { epoch: this.#epoch, logs: { ...logs }, weights: model.getWeights() }
      return
    }
    // Before it is written, so that the file's own state has it.
    this.savedFile = this.#file.fill({ ...logs, ...count })
    this.#announce(`${when}saving the model to ${this.savedFile}`)
    return model.save(this.savedFile)
  }
}

function fileTemplate(file: string): Template {
  const path = filePath('ModelCheckpoint', 'file', file)
  const folder = path.replace(/[^\\/]*$/, '')
  if (folder === path) throw new OptionError('ModelCheckpoint', 'file', path, 'the path of a file')
  if (/[{}]/.test(folder)) throw new OptionError('ModelCheckpoint', 'file', path, 'a folder without { and }')
  return template('ModelCheckpoint', 'file', path)
}

function batchesBetween(saveFreq: 'epoch' | number, saveBestOnly: boolean): number | null {
  if (saveFreq === 'epoch') return null
  const batches = wholeNumber('ModelCheckpoint', 'saveFreq', saveFreq, { min: 1 })
  if (saveBestOnly)
    throw new OptionError('ModelCheckpoint', 'saveFreq', saveFreq, "'epoch' beside saveBestOnly")
  return batches
}

type State = ReturnType<ModelCheckpoint['getState']>
type Saved = NonNullable<State['saved']>

const kept = fields<State>({
  best: nullOr(number),
  seen: whole,
  savedFile: nullOr(text),
  saved: nullOr(
    fields<Saved>({
      epoch: whole,
      logs: mapOf(number),
      weights: listOf(float32),
      shapes: listOf(listOf(whole)),
    }),
  ),
})

const checkpointOf = ({ epoch, logs, weights, shapes }: Saved): Checkpoint => ({
  epoch,
  logs,
  weights: weights.map((data, i) => tensor(data, shapes[i])),
})
