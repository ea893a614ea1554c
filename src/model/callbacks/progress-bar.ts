import { OptionError } from '../../errors.ts'
import { checkOptions } from '../../options.ts'
import { bar } from '../../text/bar.ts'
import { terminal } from '../../text/terminal.ts'
import type { Logs } from '../logs.ts'
import type { Callback, FitParams } from './callback.ts'

/** 0: silent. 1: a bar that grows with the batches on a terminal, else a line an epoch. 2: a line an epoch. */
export type Verbosity = 0 | 1 | 2

/** Milliseconds between two drawings of the bar. */
const REFRESH = 60

/** Characters of the bar. */
const BAR = 20

/** Options of {@link ProgressBar}. */
export interface ProgressBarOptions {
  /** 1: a bar that grows with the batches on a terminal, else a line an epoch. 2: a line an epoch. Default 1. */
  readonly verbose?: 1 | 2
}

/**
 * Shows training as Keras does: `94/94 ━━━━━━━━━━━━━━━━━━━━ 4s 39ms/step - loss: 0.9068 - accuracy: 0.6673`.
 *
 * `fit` has one in front of all other callbacks, unless it is silent (`verbose: 0`) or its callbacks have one. What these
 * add to an epoch's logs comes after it, and is not shown.
 *
 * @throws OptionError for a bad option
 * @example
 * await model.fit(x, y, { verbose: 0, callbacks: [new ProgressBar({ verbose: 2 })] })
 */
export class ProgressBar implements Callback {
  readonly #verbose: 1 | 2
  #live = false
  #params: Pick<FitParams, 'epochs' | 'steps'> = { epochs: 0, steps: 0 }
  #began = 0
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
    this.#drawn = 0
  }

  onEpochBegin(epoch: number): void {
    this.#began = performance.now()
    this.#drawn = 0
    terminal().write(`Epoch ${epoch + 1}/${this.#params.epochs}\n`)
  }

  onBatchEnd(batch: number, logs: Readonly<Logs>): void {
    if (!this.#live || performance.now() - this.#drawn < REFRESH) return
    this.#drawn = performance.now()
    const { steps } = this.#params
    const perStep = (this.#drawn - this.#began) / (batch + 1)
    const left = Math.ceil(((steps - batch - 1) * perStep) / 1000)
    this.#redraw(batch + 1, `${left}s left ${milliseconds(perStep)}/step`, logs)
  }

  onEpochEnd(_epoch: number, logs: Readonly<Logs>): void {
    const { steps } = this.#params
    const spent = performance.now() - this.#began
    const time = `${seconds(spent)} ${milliseconds(spent / steps)}/step`
    const count = `${steps}/${steps}`
    if (this.#live) {
      const text = line(`${count} ${bar(1, BAR)}`, time, logs)
      terminal().write(`\r\x1b[K${wrap(text, terminal().columns)}\n`)
    } else {
      terminal().write(`${line(count, time, logs)}\n`)
    }
    this.#drawn = 0
  }

  /** Ends a line that is drawn in part, so that the error stands on one of its own. */
  onTrainFail(): void {
    if (this.#drawn > 0) terminal().write('\n')
  }

  #redraw(done: number, time: string, logs: Readonly<Logs>): void {
    const { steps } = this.#params
    const count = `${String(done).padStart(String(steps).length)}/${steps}`
    const text = line(`${count} ${bar(done / steps, BAR)}`, time, logs)
    // `\x1b[K` clears what was longer before.
    terminal().write(`\r${crop(text, terminal().columns)}\x1b[K`)
  }
}

function line(head: string, time: string, logs: Readonly<Logs>): string {
  const numbers = Object.entries(logs).map(([name, value]) => ` - ${snakeCase(name)}: ${value.toFixed(4)}`)
  return `${head} ${time}${numbers.join('')}`
}

/** As much of a line as fits, whole numbers only; a column less, since some terminals wrap when the last one is written. */
function crop(text: string, columns: number): string {
  if (text.length < columns) return text
  const shorter = text.slice(0, columns)
  return shorter.includes(' - ') ? shorter.slice(0, shorter.lastIndexOf(' - ')) : text.slice(0, columns - 1)
}

/** Breaks a line that is too wide for the terminal before one of its numbers. */
function wrap(text: string, columns: number): string {
  let width = 0
  const parts = text.split(/(?= - )/).map(part => {
    const fits = width === 0 || width + part.length < columns
    width = fits ? width + part.length : part.length
    return fits ? part : `\n${part}`
  })
  return parts.join('')
}

const seconds = (ms: number): string =>
  ms < 10_000 ? `${(ms / 1000).toFixed(1)}s` : `${Math.round(ms / 1000)}s`

const milliseconds = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)}ms` : `${Math.round(ms)}ms`)

/** `valLoss` → `val_loss`, as Keras prints it. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
