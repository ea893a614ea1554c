import { OptionError } from '../../errors.ts'
import { checkOptions } from '../../options.ts'
import { formatNumber } from '../../text/format-number.ts'
import { type Progress, progressLine, progressLines } from '../../text/progress-line.ts'
import { CLEAR_TO_END, REDRAW_MS } from '../../text/redraw.ts'
import { snakeCase } from '../../text/snake-case.ts'
import { terminal } from '../../text/terminal.ts'
import { cut } from '../../text/width.ts'
import type { Logs } from '../logs.ts'
import type { Callback, FitParams } from './callback.ts'

/** 0: silent; otherwise as {@link ProgressBarOptions.verbose}. */
export type Verbosity = 0 | 1 | 2

const MAX_BAR = 20

/** Clears the line that the cursor stands on. */
const CLEAR = `\r${CLEAR_TO_END}`

/** Options of {@link ProgressBar}. */
export interface ProgressBarOptions {
  /** 1: a bar that grows with the batches on a terminal, else a line an epoch. 2: a line an epoch. Default 1. */
  readonly verbose?: 1 | 2
}

/**
 * Shows training as Keras does: `94/94 ━━━━━━━━━━━━━━━━━━━━ 4s 39ms/step - loss: 0.9068 - accuracy: 0.6673`. While an epoch
 * runs, this is one line, on which numbers that have no room are left out; its end shows all. Without a bar, an epoch is
 * one line: `Epoch 3/50 - 94/94 4s 39ms/step - loss: 0.9068 - accuracy: 0.6673`. An epoch that is resumed in its middle begins
 * there; its time is that of the rest.
 *
 * `fit` has one in front of all other callbacks, unless it is silent (`verbose: 0`) or its callbacks have one. What these
 * add to an epoch's logs comes after it, and is not shown.
 *
 * @throws OptionError for a bad option
 * @example
 * await model.fit(x, y, { verbose: 0, callbacks: [new ProgressBar({ verbose: 2 })] })
 */
export class ProgressBar implements Callback {
  readonly type = 'ProgressBar'
  readonly #verbose: 1 | 2
  #live = false
  #params: Pick<FitParams, 'epochs' | 'steps' | 'resumedAt'> = { epochs: 0, steps: 0 }
  /** Whether the epoch under way has been announced. */
  #isOpen = false
  #began = 0
  /** The step that it begins with in this `fit`. */
  #first = 0
  #drawn = 0

  constructor(options: ProgressBarOptions = {}) {
    checkOptions('ProgressBar', options, ['verbose'])
    const { verbose = 1 } = options
    if (verbose !== 1 && verbose !== 2) throw new OptionError('ProgressBar', 'verbose', verbose, '1 or 2')
    this.#verbose = verbose
  }

  onTrainBegin(params: FitParams): void {
    this.#params = params
    this.#live = this.#verbose === 1 && terminal().isTTY
    this.#isOpen = false
    this.#drawn = 0
  }

  onEpochBegin(epoch: number): void {
    this.#open(epoch, 0)
  }

  onBatchBegin(batch: number): void {
    if (!this.#isOpen) this.#open(this.#params.resumedAt!.epoch, batch)
  }

  onBatchEnd(batch: number, logs: Readonly<Logs>): void {
    if (!this.#live || !this.#isOpen || performance.now() - this.#drawn < REDRAW_MS) return
    this.#drawn = performance.now()
    const perStep = (this.#drawn - this.#began) / (batch + 1 - this.#first)
    const left = Math.ceil(((this.#params.steps - batch - 1) * perStep) / 1000)
    const progress = this.#progress(batch + 1, `${left}s left`, perStep, logs)
    terminal().write(CLEAR + progressLine(progress, terminal()))
  }

  onEpochEnd(epoch: number, logs: Readonly<Logs>): void {
    const { steps } = this.#params
    if (!this.#isOpen) this.#open(epoch, steps)
    const spent = performance.now() - this.#began
    const perStep = spent / Math.max(1, steps - this.#first)
    const progress = this.#progress(steps, seconds(spent), perStep, logs)
    const text = this.#live
      ? CLEAR + progressLines(progress, terminal())
      : `${this.#title(epoch)} - ${progress.head} ${progress.tail.join(' ')}`
    terminal().write(`${text}\n`)
    this.#isOpen = false
    this.#drawn = 0
  }

  /** Ends a line that is drawn in part, so that the error stands on one of its own. */
  onTrainFail(): void {
    if (this.#drawn > 0) terminal().write('\n')
  }

  #open(epoch: number, step: number): void {
    this.#isOpen = true
    this.#first = step
    this.#began = performance.now()
    this.#drawn = 0
    if (this.#live) terminal().write(`${cut(this.#title(epoch), terminal().columns - 1)}\n`)
  }

  #title(epoch: number): string {
    return `Epoch ${epoch + 1}/${this.#params.epochs}`
  }

  #progress(done: number, time: string, perStep: number, logs: Readonly<Logs>): Progress {
    const { steps } = this.#params
    const numbers = Object.entries(logs).map(
      ([name, value]) => `- ${snakeCase(name)}: ${formatNumber(value)}`,
    )
    return {
      head: `${String(done).padStart(String(steps).length)}/${steps}`,
      fraction: done / steps,
      tail: [time, `${milliseconds(perStep)}/step`, ...numbers],
      longestBar: MAX_BAR,
    }
  }
}

const seconds = (ms: number): string =>
  ms < 10_000 ? `${(ms / 1000).toFixed(1)}s` : `${Math.round(ms / 1000)}s`

const milliseconds = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)}ms` : `${Math.round(ms)}ms`)
