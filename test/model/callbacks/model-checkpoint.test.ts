import { ModelCheckpoint } from 'convnet-ts'
import { afterEach, expect, test } from 'vitest'
import { setTerminal, terminal } from '../../../src/text/terminal.ts'
import { expectSameBits } from '../../support/compare.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { countingModel, golden, optionsOf, replay } from '../../support/replay.ts'
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
])('refuses %j', (options, option, message) => {
  expectRefusal(() => new ModelCheckpoint(options as object), 'ModelCheckpoint', option, message)
})
