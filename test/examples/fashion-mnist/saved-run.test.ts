import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  garments,
  History,
  ModelCheckpoint,
  ModelFileError,
  ResumeError,
  setBackend,
  setTerminal,
  terminal,
  trainTestSplit,
} from 'convnet-ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildModel, experiments } from '../../../examples/fashion-mnist/experiments.ts'
import { readOptions } from '../../../examples/fashion-mnist/options.ts'
import { modelFile } from '../../../examples/fashion-mnist/output.ts'
import { type ExperimentData, runExperiment } from '../../../examples/fashion-mnist/run-experiment.ts'
import { findSavedRuns } from '../../../examples/fashion-mnist/saved-run.ts'
import { withValue } from '../../support/model-files.ts'
import { recorder } from '../../support/terminals.ts'

const { train, test: testing, classNames } = garments({ train: 60, test: 5 })

function dataOf(rows: number, { images, labels } = train): ExperimentData {
  const testSize = rows / 5
  const split = trainTestSplit(images, labels, { testSize, trainSize: rows - testSize, seed: 0 })
  return { split, test: testing, classNames, description: 'garments', isWhole: false }
}

const data = dataOf(50)
const out = mkdtempSync(join(tmpdir(), 'convnet-ts-'))
const [first, , third] = experiments.map(({ number }) => modelFile(out, number))

const optionsOf = (...more: string[]) =>
  readOptions(['--out', out, '--batch-size', '16', '--epochs', '2', '--resume', ...more])!

/** Trains the first and the third experiment for two epochs, as a run does. */
beforeAll(async () => {
  setBackend({ numerics: 'strict' })
  const { split } = data
  for (const experiment of [experiments[0], experiments[2]]) {
    const file = modelFile(out, experiment.number)
    await buildModel(experiment, 0).fit(split.xTrain, split.yTrain, {
      epochs: 2,
      batchSize: 16,
      validationData: [split.xTest, split.yTest],
      callbacks: [new History(), new ModelCheckpoint({ file })],
      verbose: 0,
    })
  }
})
afterAll(() => {
  setBackend({})
  rmSync(out, { recursive: true })
})

test('finds what an earlier run has left, and whether that is done', async () => {
  const found = (isDone: boolean) => [
    [1, { file: first, isDone }],
    [3, { file: third, isDone }],
  ]
  expect([...(await findSavedRuns(data, optionsOf()))]).toEqual(found(true))
  expect([...(await findSavedRuns(data, optionsOf('--epochs', '3')))]).toEqual(found(false))
  expect([...(await findSavedRuns(data, optionsOf('--experiment', '2')))]).toEqual([])
  expect([...(await findSavedRuns(data, { ...optionsOf(), resume: false }))]).toEqual([])
})

describe('names the option that was another:', () => {
  test.each<[string[], number, string]>([
    [['--seed', '4'], 50, '--seed is 4, expected 0'],
    [['--batch-size', '8'], 50, '--batch-size is 8, expected 16'],
    [['--train-rows', '60'], 60, '--train-rows is 60, expected 50'],
    [[], 60, '--train-rows, which is all of the data, is 60, expected 50'],
    [['--epochs', '1'], 50, '--epochs is 1, expected at least 2, since that epoch has begun in'],
  ])('%j', async (more, rows, message) => {
    await expect(findSavedRuns(dataOf(rows), optionsOf(...more))).rejects.toMatchObject({
      name: 'OptionError',
      message: expect.stringContaining(`npm start: ${message}`),
    })
  })

  test('numerics', async () => {
    const bytes = readFileSync(first)
    writeFileSync(first, withValue(bytes, 'fit.settings.numerics', 'fast'))
    try {
      await expect(findSavedRuns(data, optionsOf())).rejects.toThrow('--numerics is "strict", expected fast')
    } finally {
      writeFileSync(first, bytes)
    }
  })

  test('the data, though there are as many', async () => {
    const { images, labels } = garments({ train: 60, test: 5, seed: 1 }).train
    await expect(findSavedRuns(dataOf(50, { images, labels }), optionsOf('--data', 'there'))).rejects.toThrow(
      `npm start: --data is "there", expected the images that ${first} has been trained on`,
    )
  })
})

describe('refuses the file of an experiment whose turn comes last:', () => {
  let good: Buffer
  beforeEach(() => {
    good = readFileSync(third)
  })
  afterEach(() => writeFileSync(third, good))

  test('a damaged one', async () => {
    writeFileSync(third, good.subarray(0, 5000))
    const error = await findSavedRuns(data, optionsOf()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ModelFileError)
    expect((error as Error).message).toContain(third)
  })

  test('one of another experiment, or of no run', async () => {
    writeFileSync(third, readFileSync(first))
    await expect(findSavedRuns(data, optionsOf())).rejects.toThrow(
      'layer conv2d: filters was 32, and is 64 now',
    )
    await buildModel(experiments[2], 0).save(third)
    const error = await findSavedRuns(data, optionsOf()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ResumeError)
    expect((error as Error).message).toContain(
      `${third}: cannot go on from this training state:\n- no fit had begun`,
    )
  })
})

describe('a run that goes on', () => {
  const before = terminal()
  let written: readonly string[]
  beforeEach(() => {
    const recording = recorder()
    written = recording.written
    setTerminal(recording)
  })
  afterEach(() => setTerminal(before))

  test('says that nothing is left to train, and tests what there is', async () => {
    const options = optionsOf()
    const saved = (await findSavedRuns(data, options)).get(1)
    const bytes = readFileSync(first)
    const { history, result } = await runExperiment(experiments[0], data, options, [], saved)
    const text = written.join('')
    expect(text).toContain(
      `Resumed from ${first}\nNothing is left to train: 2 epochs done.\n\nExperiment 1: test`,
    )
    expect(history.epoch).toEqual([0, 1])
    expect(result).toMatchObject({ epochs: 2, loss: history.history.loss[1] })
    expect(readFileSync(first).equals(bytes)).toBe(true)
  })

  test('and is interrupted before that, leaves what it was to go on from', async () => {
    const options = optionsOf('--epochs', '5')
    const saved = (await findSavedRuns(data, options)).get(1)
    const bytes = readFileSync(first)
    const running = runExperiment(experiments[0], data, options, [], saved)
    // The file is being read.
    process.listeners('SIGINT').at(-1)!('SIGINT')
    await expect(running).rejects.toThrow('interrupted by SIGINT')
    expect(written.join('')).toContain('Training is interrupted by SIGINT, before it has begun.')
    expect(readFileSync(first).equals(bytes)).toBe(true)
  })
})
