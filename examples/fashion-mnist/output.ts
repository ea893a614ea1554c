import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Callback, DataError, type History } from 'convnet-ts'
import { type Facts, writePicture } from 'convnet-ts/report'
import type { Experiment } from './experiments.ts'
import { refuse } from './options.ts'

/** More than the report and all pictures of a run take, PNGs among them. */
const ROOM = 10e6

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
  /** What they were found on and with: versions, machine. */
  readonly facts: Facts
}

/**
 * Makes the folders for the results and tries to write there, before hours of training are spent on them.
 *
 * @throws OptionError where they cannot be made or written to, or have no room
 */
export function prepareFolder(out: string, experiments: readonly Experiment[]): void {
  const files = [
    reportFile(out),
    summaryFile(out),
    ...experiments.map(({ number }) => historyFile(out, number)),
  ]
  try {
    for (const file of files) {
      makeFolder(dirname(file))
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${file} is a folder`)
      probe(file, 0)
    }
    probe(reportFile(out), ROOM)
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

/** Writes some bytes beside a file, and removes them. */
function probe(file: string, bytes: number): void {
  try {
    writeFileSync(unfinished(file), new Uint8Array(bytes))
  } finally {
    rmSync(unfinished(file), { force: true })
  }
}

/** Writes `summary.json`: what the experiments of this run came to, so far. */
export function writeSummary(out: string, results: readonly Result[]): void {
  writeWhole(summaryFile(out), json(results))
}

/** Writes `report.html`. */
export function writeReport(out: string, html: string): void {
  writeWhole(reportFile(out), html)
}

/** Writes pictures as NAME.svg, and as NAME.png beside it where that is wanted. */
export async function writePictures(
  folder: string,
  pictures: { readonly [name: string]: string },
  png: boolean,
): Promise<void> {
  for (const [name, svg] of Object.entries(pictures)) {
    await writePicture(join(folder, `${name}.svg`), svg)
    if (png) await writePicture(join(folder, `${name}.png`), svg)
  }
}

/**
 * Writes `experiment-N/history.json` after each epoch of a `fit`.
 *
 * @param history a callback of the same `fit`
 */
export function historyWriter(out: string, { number }: Experiment, history: History, data: string): Callback {
  return {
    onEpochEnd() {
      const { epoch, seconds, valSeconds } = history
      const numbers = ['loss', 'accuracy', 'valLoss', 'valAccuracy'].map(
        name => [name, history.history[name]] as const,
      )
      const epochs = epoch.map((index, i) => ({
        epoch: index + 1,
        ...Object.fromEntries(numbers.map(([name, values]) => [name, values[i]])),
        seconds: seconds[i],
        valSeconds: valSeconds[i],
        data,
      }))
      writeWhole(historyFile(out, number), json(epochs))
    },
  }
}

const summaryFile = (out: string): string => join(out, 'summary.json')

const reportFile = (out: string): string => join(out, 'report.html')

const historyFile = (out: string, experiment: number): string =>
  join(experimentFolder(out, experiment), 'history.json')

/** The folder for what one experiment writes. */
export const experimentFolder = (out: string, experiment: number): string =>
  join(out, `experiment-${experiment}`)

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** What a file is called while it is written; two runs at a time do not get into each other's way. */
const unfinished = (file: string): string => `${file}.${process.pid}.tmp`

/** Writes beside the file, then renames: whoever reads it, or ends this process, never meets half of it. */
function writeWhole(file: string, text: string): void {
  try {
    writeFileSync(unfinished(file), text)
    renameSync(unfinished(file), file)
  } catch (cause) {
    rmSync(unfinished(file), { force: true })
    throw new DataError({ file }, `cannot be written (${(cause as Error).message})`, { cause })
  }
}
