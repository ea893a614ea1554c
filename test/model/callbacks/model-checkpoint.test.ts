import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Callback, DataError, loadModel, ModelCheckpoint, StateError } from 'convnet-ts'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { setStorage, storage } from '../../../src/model/storage.ts'
import { setTerminal, terminal } from '../../../src/text/terminal.ts'
import { checkpointedFit } from '../../support/checkpointed-fit.ts'
import { expectSameBits } from '../../support/compare.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { countingModel, golden, optionsOf, replay } from '../../support/replay.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { recorder } from '../../support/terminals.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const before = terminal()
afterEach(() => setTerminal(before))

test.each(golden.modelCheckpoint.map((c, i) => ({ i, c })))('does as Keras: case $i', ({ c }) => {
  const checkpoint = new ModelCheckpoint(optionsOf(c))
  const saved: number[] = []
  replay(checkpoint, countingModel(), c.values, epoch => {
    if (checkpoint.saved?.epoch !== epoch) return
    saved.push(epoch)
    expect(checkpoint.saved.logs).toEqual({ score: c.values[epoch] })
    expectSameBits(checkpoint.saved.weights[0].data, [epoch])
  })
  expect(saved).toEqual(c.saved)
})

test('keeps the last epoch where it is not told to keep the best, whatever its monitor', async () => {
  const { x, y } = toyData(10)
  const model = toyModel()
  const checkpoint = new ModelCheckpoint()
  const history = await model.fit(x, y, { verbose: 0, epochs: 3, callbacks: [checkpoint] })
  expect(checkpoint.saved?.epoch).toBe(2)
  expect(checkpoint.saved?.logs.loss).toBe(history.history.loss[2])
  expectSameBits(checkpoint.saved!.weights[2].data, model.getWeights()[2].data)
  await model.fit(x, y, { verbose: 0 })
  expect(model.getWeights()[2].data).not.toEqual(checkpoint.saved!.weights[2].data)
  model.setWeights(checkpoint.saved!.weights)
  expectSameBits(model.getWeights()[2].data, checkpoint.saved!.weights[2].data)
})

test('keeps the best over several fits, and logs as they were', () => {
  const model = countingModel()
  const checkpoint = new ModelCheckpoint({ monitor: 'score', mode: 'max', saveBestOnly: true })
  expect(checkpoint.saved).toBeNull()
  replay(checkpoint, model, [1, 3, 2], (_, logs) => {
    logs.score = -1
  })
  replay(checkpoint, model, [2, 2.5])
  expect(checkpoint.saved).toMatchObject({ epoch: 1, logs: { score: 3 } })
  expectSameBits(checkpoint.saved!.weights[0].data, [1])
})

test('says what it keeps', () => {
  const output = recorder()
  setTerminal(output)
  const options = { monitor: 'score', mode: 'max', verbose: 1 } as const
  replay(new ModelCheckpoint({ ...options, saveBestOnly: true }), countingModel(), [1, 2, 1.5])
  replay(new ModelCheckpoint(options), countingModel(), [1])
  expect(output.written).toEqual([
    'Epoch 1: score improved to 1.00000, keeping the weights\n',
    'Epoch 2: score improved from 1.00000 to 2.00000, keeping the weights\n',
    'Epoch 3: score did not improve from 2.00000\n',
    'Epoch 1: keeping the weights\n',
  ])
})

test('with saveBestOnly needs its number', async () => {
  const { x, y } = toyData(10)
  const callbacks = [new ModelCheckpoint({ saveBestOnly: true })]
  await expect(toyModel().fit(x, y, { verbose: 0, callbacks })).rejects.toThrow(
    'ModelCheckpoint: monitor is "valLoss", expected validationData or validationSplit in fit',
  )
})

test.each([
  [{ save_best_only: true }, 'save_best_only', 'expected the option saveBestOnly'],
  [{ saveBestOnly: 1 }, 'saveBestOnly', 'expected true or false'],
  [
    { saveBestOnly: true, initialValueThreshold: Number.NaN },
    'initialValueThreshold',
    'expected a finite number',
  ],
  [{ initialValueThreshold: 1 }, 'initialValueThreshold', 'expected saveBestOnly: true beside it'],
  [{ filepath: 'model.keras' }, 'filepath', 'expected no option of this name'],
  [{ monitor: 'f1' }, 'mode', 'expected "min" or "max"'],
  [{ file: '' }, 'file', 'expected a path'],
  [{ file: 'run/' }, 'file', 'expected the path of a file'],
  [{ file: 5 }, 'file', 'expected a path'],
  [{ file: '{epoch}/model' }, 'file', 'expected a folder without { and }'],
  [{ file: 'model-{epoch:x}' }, 'file', 'expected places such as {epoch}'],
  [{ saveFreq: 0 }, 'saveFreq', 'expected a whole number of at least 1'],
  [{ saveFreq: 'batch' }, 'saveFreq', 'expected a whole number of at least 1'],
  [{ saveFreq: 10, saveBestOnly: true }, 'saveFreq', "expected 'epoch' beside saveBestOnly"],
])('refuses %j', (options, option, message) => {
  expectRefusal(() => new ModelCheckpoint(options as object), 'ModelCheckpoint', option, message)
})

test('keeps the weights after so many batches, counted over epochs', async () => {
  const { x, y } = toyData(10)
  const output = recorder()
  setTerminal(output)
  const seen: object[] = []
  const checkpoint = new ModelCheckpoint({ saveFreq: 3, verbose: 1 })
  const look: Callback = { onBatchEnd: () => void (checkpoint.saved && seen.push(checkpoint.saved)) }
  await toyModel().fit(x, y, { verbose: 0, epochs: 2, batchSize: 3, callbacks: [checkpoint, look] })
  expect(output.written).toEqual([
    'Epoch 1, batch 3: keeping the weights\n',
    'Epoch 2, batch 2: keeping the weights\n',
  ])
  // The third batch's stay for two more, until the sixth's take their place.
  expect(seen.map(saved => seen.indexOf(saved))).toEqual([0, 0, 0, 3, 3, 3])
  expect(seen).toMatchObject([{ epoch: 0 }, {}, {}, { epoch: 1 }, {}, {}])
})

describe('a file', () => {
  const { x, y } = toyData(20)
  const options = { verbose: 0, epochs: 3, batchSize: 7, validationSplit: 0.3 } as const

  test('is written after each epoch, in a folder that is made, under a name of numbers', async () => {
    const folder = tempFolder()
    const output = recorder()
    setTerminal(output)
    const file = join(folder, 'a', 'b', '{epoch:02d}-{valLoss:.3f}.safetensors')
    const checkpoint = new ModelCheckpoint({ file, verbose: 1 })
    const model = toyModel()
    const { history } = await model.fit(x, y, { ...options, callbacks: [checkpoint] })
    const names = history.valLoss.map((loss, i) => `0${i + 1}-${loss.toFixed(3)}.safetensors`)
    expect(readdirSync(join(folder, 'a', 'b')).sort()).toEqual(names)
    expect(checkpoint.saved).toBeNull()
    expect(checkpoint.savedFile).toBe(join(folder, 'a', 'b', names[2]))
    expect(output.written[2]).toBe(`Epoch 3: saving the model to ${checkpoint.savedFile}\n`)
    const loaded = await loadModel(checkpoint.savedFile!)
    expectSameBits(loaded.getWeights()[2].data, model.getWeights()[2].data)
    // What another `fit` goes on from has the epoch's numbers in the file's own state, though the history comes last.
    const resumeFrom = join(folder, 'a', 'b', names[1])
    const resumed = await toyModel().fit(x, y, { ...options, callbacks: [checkpoint], resumeFrom })
    expect(resumed.history).toEqual(history)
  })

  test('after some batches has their number, and the running means', async () => {
    const folder = tempFolder()
    const file = join(folder, '{epoch}-{batch}-{loss:.2f}')
    const seen: string[] = []
    const look: Callback = {
      onBatchEnd: (batch, logs) =>
        void (batch === 1 && seen.push(`${seen.length + 1}-2-${logs.loss.toFixed(2)}`)),
    }
    const callbacks = [look, new ModelCheckpoint({ file, saveFreq: 2 })]
    await toyModel().fit(x, y, { ...options, callbacks })
    expect(readdirSync(folder).sort()).toEqual(seen)
  })

  test('is that of the best alone with saveBestOnly', async () => {
    const file = join(tempFolder(), 'best')
    const checkpoint = new ModelCheckpoint({ file, monitor: 'score', mode: 'max', saveBestOnly: true })
    const model = toyModel()
    const kept: string[] = []
    const score: Callback = {
      onEpochEnd(epoch, logs) {
        logs.score = [2, 5, 4][epoch]
        kept.push(JSON.stringify(Array.from(model.getWeights()[2].data)))
      },
    }
    await model.fit(x, y, { ...options, callbacks: [score, checkpoint] })
    const best = await loadModel(file)
    expect(JSON.stringify(Array.from(best.getWeights()[2].data))).toBe(kept[1])
  })

  test('that cannot be written, or named, is told of before the first step', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'taken'), '')
    let steps = 0
    const count: Callback = { onBatchBegin: () => void steps++ }
    const fit = (file: string, more: object = {}) => {
      const callbacks = [new ModelCheckpoint({ file, ...more }), count]
      return toyModel().fit(x, y, { ...options, callbacks })
    }
    await expect(fit(join(folder, 'taken', 'model'))).rejects.toThrow(DataError)
    const locked = join(folder, 'locked')
    mkdirSync(locked)
    chmodSync(locked, 0o500)
    if (process.getuid?.() !== 0)
      await expect(fit(join(locked, 'model'))).rejects.toThrow('cannot be written')
    await expect(fit(join(folder, '{val_loss}'))).rejects.toThrow(
      'ModelCheckpoint: file is "{val_loss}", expected "valLoss" (this fit has "loss"',
    )
    await expect(fit(join(folder, '{BATCH}'), { saveFreq: 2 })).rejects.toThrow('expected "batch" (')
    expect(steps).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(['locked', 'taken'])
    // A callback may add a number, so that it is looked for when the file is named.
    await expect(fit(join(folder, '{score}'))).rejects.toThrow(
      'expected places for numbers that there are: "loss", "accuracy", "valLoss", "valAccuracy", "epoch"',
    )
  })

  test('takes files: without, fit says so at once', async () => {
    const before = storage()
    onTestFinished(() => setStorage(before))
    const nowhere = async () => {
      throw new StateError('there are no files here')
    }
    setStorage({ save: nowhere, prepare: nowhere, readTrainingState: nowhere, read: nowhere })
    const callbacks = [new ModelCheckpoint({ file: 'model' })]
    await expect(toyModel().fit(x, y, { ...options, callbacks })).rejects.toThrow(StateError)
  })

  test('of a process that is killed has training go on to the same bits', async () => {
    const file = join(tempFolder(), 'run.safetensors')
    const whole = await checkpointedFit(join(tempFolder(), 'whole.safetensors'))
    const root = new URL('../../..', import.meta.url)
    const script = ['--import', 'tsx', 'test/support/checkpointed-fit-program.ts', file]
    const child = spawn(process.execPath, script, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    let steps = 0
    for await (const _ of createInterface(child.stdout)) if (++steps === 9) child.kill('SIGKILL')
    expect((await ended)[1]).toBe('SIGKILL')
    expect(existsSync(file)).toBe(true)
    const resumed = await checkpointedFit(file, file)
    expect(resumed.stepsTaken).toBeLessThan(whole.stepsTaken)
    expect(resumed.history.history).toEqual(whole.history.history)
    expect(resumed.best).toBe(whole.best)
    expectSameBits(resumed.weights, whole.weights)
  })
})
