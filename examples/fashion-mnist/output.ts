import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Callback, DataError } from 'convnet-ts'
import type { Experiment } from './experiments.ts'
import { refuse } from './options.ts'

/** An entry of `summary.json`. */
export interface Result {
  readonly experiment: number
  readonly parameters: number
  readonly epochs: number
  /** How long `fit` took, validation included. */
  readonly seconds: number
  /** Of the last epoch, as the loss and those that follow. */
  readonly accuracy: number
  readonly loss: number
  readonly valAccuracy: number
  readonly valLoss: number
  readonly testAccuracy: number
  readonly testLoss: number
  /** Which images these figures are for. */
  readonly data: string
}

/**
 * Makes the folders for the results and tries to write there, before hours of training are spent on them.
 *
 * @throws OptionError where they cannot be made or written to
 */
export function prepareFolder(out: string, experiments: readonly Experiment[]): void {
  try {
    for (const file of [summaryFile(out), ...experiments.map(experiment => historyFile(out, experiment))]) {
      makeFolder(dirname(file))
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${file} is a folder`)
      const probe = unfinished(file)
      writeFileSync(probe, '')
      rmSync(probe)
    }
  } catch (error) {
    throw refuse('--out', out, `a folder that can be written to (${(error as Error).message})`)
  }
}

/** As `mkdir -p`. Node's own `recursive` never comes back where a folder can be in none, as under /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

/** Writes `summary.json`: what the experiments of this run came to, so far. */
export function writeSummary(out: string, results: readonly Result[]): void {
  writeJson(summaryFile(out), results)
}

/** Writes `experiment-N/history.json` after each epoch of a `fit`. */
export function historyWriter(out: string, experiment: Experiment, data: string): Callback {
  const epochs: object[] = []
  let began = 0
  let trained = 0
  return {
    onEpochBegin: () => {
      began = performance.now()
    },
    onBatchEnd: () => {
      trained = performance.now()
    },
    onEpochEnd: (epoch, { loss, accuracy, valLoss, valAccuracy }) => {
      const seconds = (trained - began) / 1000
      const valSeconds = (performance.now() - trained) / 1000
      epochs.push({ epoch: epoch + 1, loss, accuracy, valLoss, valAccuracy, seconds, valSeconds, data })
      writeJson(historyFile(out, experiment), epochs)
    },
  }
}

const summaryFile = (out: string): string => join(out, 'summary.json')

const historyFile = (out: string, { number }: Experiment): string =>
  join(out, `experiment-${number}`, 'history.json')

/** What a file is called while it is written; two runs at a time do not get into each other's way. */
const unfinished = (file: string): string => `${file}.${process.pid}.tmp`

/** Writes beside the file, then renames: whoever reads it, or ends this process, never meets half of it. */
function writeJson(file: string, value: unknown): void {
  try {
    writeFileSync(unfinished(file), `${JSON.stringify(value, null, 2)}\n`)
    renameSync(unfinished(file), file)
  } catch (cause) {
    rmSync(unfinished(file), { force: true })
    throw new DataError({ file }, `cannot be written (${(cause as Error).message})`, { cause })
  }
}
