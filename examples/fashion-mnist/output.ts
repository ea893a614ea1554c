import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Callback, type History, replaceFile } from 'convnet-ts'
import { type Facts, svgToPng, writePicture } from 'convnet-ts/report'
import { experiments as allExperiments, type Experiment } from './experiments.ts'
import { type Options, refuse } from './options.ts'
import { comparisonPictureNames, experimentPictureNames } from './pictures.ts'

/** More than models, report and pictures of a run take, PNGs among them. */
const ROOM = 50e6

/** An entry of `summary.json`. */
export interface Result {
  readonly experiment: number
  readonly parameters: number
  readonly epochs: number
  /** How long all epochs took, validation included. */
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

/** Files to be, by their paths. */
type Pictures = { readonly [name: string]: string }

/**
 * Makes the folders for the results and tries to write there, as many files as will be, before hours of training are spent
 * on them.
 *
 * @throws OptionError where they cannot be made or written to, or have no room
 * @throws ConvnetError where PNGs are wanted, or there from an earlier run, and the packages for them are missing
 */
export async function prepareFolder({ out, experiments, png }: Options): Promise<void> {
  const files = filesOf(out, experiments, png)
  const probes = files.map(file => `${file}.probe`)
  try {
    for (const [i, file] of files.entries()) {
      makeFolder(dirname(file))
      if (existsSync(file)) {
        if (statSync(file).isDirectory()) throw new Error(`${file} is a folder`)
        accessSync(file, constants.W_OK)
      }
      writeFileSync(probes[i], '')
    }
    writeFileSync(probes[0], new Uint8Array(ROOM))
  } catch (error) {
    throw refuse('--out', out, `a folder that can be written to (${(error as Error).message})`)
  } finally {
    for (const probe of probes.filter(existsSync)) rmSync(probe)
  }
  if (files.some(file => file.endsWith('.png')))
    await svgToPng('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
}

/** All that a run will write. */
function filesOf(out: string, experiments: readonly Experiment[], png: boolean): string[] {
  const pictures = (folder: string, names: readonly string[]) =>
    names.flatMap(name => pictureFiles(folder, name, png))
  return [
    reportFile(out),
    summaryFile(out),
    ...pictures(out, comparisonPictureNames),
    ...experiments.flatMap(({ number }) => [
      historyFile(out, number),
      modelFile(out, number),
      ...pictures(experimentFolder(out, number), experimentPictureNames),
    ]),
  ]
}

/** As `mkdir -p`. Node's own `recursive` never comes back where a folder can be in none, as under /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

/** Writes `summary.json`: what the experiments of this run came to, so far. */
export async function writeSummary(out: string, results: readonly Result[]): Promise<void> {
  await replaceFile(summaryFile(out), json(results))
}

/** Writes `report.html`. */
export async function writeStory(out: string, html: string): Promise<void> {
  await replaceFile(reportFile(out), html)
}

/** Writes pictures as NAME.svg, and as NAME.png beside it where that is wanted, or there from an earlier run. */
export async function writePictures(folder: string, pictures: Pictures, png: boolean): Promise<void> {
  for (const [name, svg] of Object.entries(pictures)) {
    for (const file of pictureFiles(folder, name, png)) await writePicture(file, svg)
  }
}

/** The files of a picture. A PNG of an earlier run would stay beside an SVG that it does not show. */
function pictureFiles(folder: string, name: string, png: boolean): string[] {
  const [svgFile, pngFile] = ['svg', 'png'].map(ending => join(folder, `${name}.${ending}`))
  const isThere = existsSync(pngFile) && statSync(pngFile).isFile()
  return png || isThere ? [svgFile, pngFile] : [svgFile]
}

/** The folders of experiments that are not of this run, and so of an earlier one. */
export function otherExperiments({ out, experiments }: Options): string[] {
  return allExperiments
    .filter(experiment => !experiments.includes(experiment))
    .map(({ number }) => experimentFolder(out, number))
    .filter(existsSync)
}

/**
 * Writes `experiment-N/history.json` after each epoch of a `fit`.
 *
 * @param history a callback of the same `fit`
 */
export function historyWriter(out: string, { number }: Experiment, history: History, data: string): Callback {
  return {
    async onEpochEnd() {
      const { epoch, seconds, valSeconds } = history
      const names = ['loss', 'accuracy', 'valLoss', 'valAccuracy']
      const epochs = epoch.map((index, i) => ({
        epoch: index + 1,
        ...Object.fromEntries(names.map(name => [name, history.history[name][i]])),
        seconds: seconds[i],
        valSeconds: valSeconds[i],
        data,
      }))
      await replaceFile(historyFile(out, number), json(epochs))
    },
  }
}

const summaryFile = (out: string): string => join(out, 'summary.json')

const reportFile = (out: string): string => join(out, 'report.html')

const historyFile = (out: string, experiment: number): string =>
  join(experimentFolder(out, experiment), 'history.json')

/** The model as it is after its last epoch, or where it was interrupted: training goes on from there. */
export const modelFile = (out: string, experiment: number): string =>
  join(experimentFolder(out, experiment), 'model.safetensors')

/** The folder for what one experiment writes. */
export const experimentFolder = (out: string, experiment: number): string =>
  join(out, `experiment-${experiment}`)

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
