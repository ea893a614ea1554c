import { EarlyStopping, NonFiniteError } from 'convnet-ts'
import { afterEach, expect, test } from 'vitest'
import { setTerminal, terminal } from '../../../src/text/terminal.ts'
import { expectSameBits } from '../../support/compare.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { countingModel, epochOf, golden, optionsOf, replay } from '../../support/replay.ts'
import { recorder } from '../../support/terminals.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const before = terminal()
afterEach(() => setTerminal(before))

test.each(golden.earlyStopping.map((c, i) => ({ i, c })))('does as Keras: case $i', ({ c }) => {
  const model = countingModel()
  const stopping = new EarlyStopping(optionsOf(c))
  const epochs = replay(stopping, model, c.values)
  const { stoppedEpoch, bestEpoch, best } = c
  expect(stopping).toMatchObject({ stoppedEpoch, bestEpoch, best })
  expect(epochs).toBe(c.epochs)
  expect(epochOf(model)).toBe(c.restored ?? c.epochs - 1)
})

test('can be used again, and starts afresh', () => {
  const model = countingModel()
  const stopping = new EarlyStopping({ monitor: 'score', mode: 'min', patience: 2, restoreBestWeights: true })
  expect(replay(stopping, model, [1, 2, 3, 4])).toBe(3)
  expect(stopping).toMatchObject({ best: 1, bestEpoch: 0, stoppedEpoch: 2 })
  expect(replay(stopping, model, [9, 8, 8.5])).toBe(3)
  expect(stopping).toMatchObject({ best: 8, bestEpoch: 1, stoppedEpoch: 0 })
  expect(epochOf(model)).toBe(1)
})

test('ends a fit, and leaves the weights of its best epoch', async () => {
  const { x, y } = toyData(60)
  // Labels of the validation that grow more wrong, the better the others are learnt.
  const validationData = [x.lo(40), y.map(label => (label + 1) % 3).subarray(40)] as const
  const options = { verbose: 0, batchSize: 10, validationData } as const
  const stopping = new EarlyStopping({ patience: 3, restoreBestWeights: true })
  const model = toyModel()
  const { history } = await model.fit(x.hi(40), y.subarray(0, 40), {
    ...options,
    epochs: 200,
    callbacks: [stopping],
  })
  const { valLoss } = history
  const best = valLoss.indexOf(Math.min(...valLoss))
  expect(stopping).toMatchObject({ bestEpoch: best, best: valLoss[best], stoppedEpoch: best + 3 })
  expect(valLoss).toHaveLength(best + 4)
  const until = toyModel()
  await until.fit(x.hi(40), y.subarray(0, 40), { ...options, epochs: best + 1 })
  expectSameBits(model.getWeights()[2].data, until.getWeights()[2].data)
})

test('restores nothing where fit rejects', async () => {
  const { x, y } = toyData(20)
  const model = toyModel()
  const spoil = {
    onEpochBegin: (epoch: number) => {
      if (epoch === 1) model.setWeights(model.getWeights().map(({ data }) => data.map(() => Number.NaN)))
    },
  }
  const stopping = new EarlyStopping({ monitor: 'loss', restoreBestWeights: true })
  const fitted = model.fit(x, y, { verbose: 0, epochs: 3, callbacks: [spoil, stopping] })
  await expect(fitted).rejects.toThrow(NonFiniteError)
  expect(model.getWeights()[0].data[0]).toBeNaN()
})

test('says at the end what it did', () => {
  const output = recorder()
  setTerminal(output)
  const options = { monitor: 'score', mode: 'max', restoreBestWeights: true } as const
  replay(new EarlyStopping({ ...options, verbose: 1 }), countingModel(), [1, 2, 1.5, 3])
  expect(output.written).toEqual([
    'Epoch 3: early stopping\n',
    'Restoring model weights from the end of the best epoch: 2.\n',
  ])
  replay(new EarlyStopping(options), countingModel(), [1, 2, 1.5, 3])
  expect(output.written).toHaveLength(2)
})

test.each([
  [{ min_delta: 1 }, 'min_delta', 'expected the option minDelta'],
  [{ minDelta: -1 }, 'minDelta', 'expected a finite number of at least 0'],
  [{ patience: 1.5 }, 'patience', 'expected a whole number of at least 0'],
  [{ baseline: null }, 'baseline', 'expected a finite number'],
  [{ restoreBestWeights: 1 }, 'restoreBestWeights', 'expected true or false'],
  [{ startFromEpoch: -1 }, 'startFromEpoch', 'expected a whole number of at least 0'],
  [{ verbose: true }, 'verbose', 'expected 0 or 1'],
  [{ mode: 'least' }, 'mode', 'expected one of "auto", "min", "max"'],
])('refuses %j', (options, option, message) => {
  expectRefusal(() => new EarlyStopping(options as object), 'EarlyStopping', option, message)
})

test('takes over the best weights only where it is to restore them', async () => {
  const { x, y } = toyData(10)
  const stopping = (restoreBestWeights: boolean) =>
    new EarlyStopping({ monitor: 'loss', mode: 'max', patience: 9, restoreBestWeights })
  const model = toyModel()
  await model.fit(x, y, { verbose: 0, epochs: 2, callbacks: [stopping(true)] })
  const resumeFrom = model.getTrainingState()
  const after = async (restores: boolean) => {
    const resumed = toyModel()
    await resumed.fit(x, y, { verbose: 0, epochs: 3, callbacks: [stopping(restores)], resumeFrom })
    return resumed.getWeights()[2].data
  }
  const whole = toyModel()
  await whole.fit(x, y, { verbose: 0, epochs: 1 })
  expectSameBits(await after(true), whole.getWeights()[2].data)
  expect(await after(false)).not.toEqual(whole.getWeights()[2].data)
})
