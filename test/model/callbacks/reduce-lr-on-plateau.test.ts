import { LearningRateScheduler, ReduceLROnPlateau } from 'convnet-ts'
import { afterEach, expect, test } from 'vitest'
import { setTerminal, terminal } from '../../../src/text/terminal.ts'
import { expectClose } from '../../support/compare.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { countingModel, golden, optionsOf, replay } from '../../support/replay.ts'
import { recorder } from '../../support/terminals.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const before = terminal()
afterEach(() => setTerminal(before))

test.each(golden.reduceLROnPlateau.map((c, i) => ({ i, c })))('does as Keras: case $i', ({ c }) => {
  const model = countingModel(0.0625)
  const rates: number[] = []
  const logged: number[] = []
  replay(new ReduceLROnPlateau(optionsOf(c)), model, c.values, (_, logs) => {
    rates.push(model.compiled!.optimizer.learningRate)
    logged.push(logs.learningRate)
  })
  // Keras keeps its learning rate in float32.
  expectClose(rates, c.learningRates, { rtol: 1e-6, atol: 0 })
  expectClose(logged, c.logged, { rtol: 1e-6, atol: 0 })
})

test('can be used again, and starts afresh', () => {
  const model = countingModel(1)
  const plateau = new ReduceLROnPlateau({ monitor: 'score', mode: 'min', factor: 0.5, patience: 2 })
  replay(plateau, model, [1, 2])
  replay(plateau, model, [9, 8, 7])
  expect(model.compiled!.optimizer.learningRate).toBe(1)
  replay(plateau, model, [9, 9, 9])
  expect(model.compiled!.optimizer.learningRate).toBe(0.5)
})

test('adds the learning rate to the history, that of the epoch itself', async () => {
  const { x, y } = toyData(10)
  const standstill = new LearningRateScheduler((epoch, rate) => (epoch === 0 ? 0.5 : rate))
  const plateau = new ReduceLROnPlateau({ monitor: 'loss', factor: 0.5, patience: 1, minDelta: 1e9 })
  const { history } = await toyModel().fit(x, y, { verbose: 0, epochs: 4, callbacks: [standstill, plateau] })
  expect(history.learningRate).toEqual([0.5, 0.5, 0.25, 0.125])
})

test('says when it reduces', () => {
  const output = recorder()
  setTerminal(output)
  const options = { monitor: 'score', mode: 'min', factor: 0.5, patience: 1 } as const
  replay(new ReduceLROnPlateau({ ...options, verbose: 1 }), countingModel(1), [1, 2, 0.5, 3])
  expect(output.written).toEqual([
    'Epoch 2: ReduceLROnPlateau reducing learning rate to 0.5.\n',
    'Epoch 4: ReduceLROnPlateau reducing learning rate to 0.25.\n',
  ])
})

test.each([
  [{ min_lr: 1 }, 'min_lr', 'expected the option minLr'],
  [{ factor: 1 }, 'factor', 'expected a number of at least 0 and less than 1'],
  [{ patience: -1 }, 'patience', 'expected a whole number of at least 0'],
  [{ cooldown: 0.5 }, 'cooldown', 'expected a whole number of at least 0'],
  [{ minDelta: Number.NaN }, 'minDelta', 'expected a finite number of at least 0'],
  [{ minLr: -1 }, 'minLr', 'expected a finite number of at least 0'],
  [{ verbose: 2 }, 'verbose', 'expected 0 or 1'],
])('refuses %j', (options, option, message) => {
  expectRefusal(() => new ReduceLROnPlateau(options as object), 'ReduceLROnPlateau', option, message)
})
