import { Adam, LearningRateScheduler, type Optimizer, SGD, setBackend } from 'convnet-ts'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { setTerminal, terminal } from '../../../src/text/terminal.ts'
import { expectClose, expectSameBits } from '../../support/compare.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { recorder } from '../../support/terminals.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const before = terminal()
afterEach(() => setTerminal(before))

const { x, y } = toyData(12)
const once = { verbose: 0, batchSize: 12, shuffle: false } as const

function modelWith(optimizer: Optimizer) {
  const model = toyModel()
  model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer })
  return model
}

test('gives the schedule epoch and rate, sets what comes back, and adds it to the history', async () => {
  const calls: [number, number][] = []
  const schedule = (epoch: number, rate: number) => {
    calls.push([epoch, rate])
    return epoch === 1 ? 0.25 : rate / 2
  }
  const callbacks = [new LearningRateScheduler(schedule)]
  const model = modelWith(new SGD({ learningRate: 1 }))
  const { history } = await model.fit(x, y, { ...once, epochs: 3, callbacks })
  expect(calls).toEqual([
    [0, 1],
    [1, 0.5],
    [2, 0.25],
  ])
  expect(history.learningRate).toEqual([0.5, 0.25, 0.125])
  expect(model.compiled!.optimizer.learningRate).toBe(0.125)
})

test.each([
  ['SGD', (learningRate: number) => new SGD({ learningRate })],
  ['SGD with momentum', (learningRate: number) => new SGD({ learningRate, momentum: 0.5 })],
  ['Adam', (learningRate: number) => new Adam({ learningRate })],
])('the next step of %s takes the new rate', async (_, make) => {
  onTestFinished(() => setBackend({}))
  setBackend({ kernels: 'simd' })
  const scheduled = modelWith(make(1))
  const rates = [0.125, 0.5, 0.03125]
  const callbacks = [new LearningRateScheduler(epoch => rates[epoch])]
  await scheduled.fit(x, y, { ...once, epochs: 3, callbacks })
  const stepped = modelWith(make(1))
  for (const rate of rates) {
    stepped.compiled!.optimizer.learningRate = rate
    stepped.trainOnBatch(x, y)
  }
  for (const [i, { data }] of scheduled.getWeights().entries())
    expectSameBits(data, stepped.getWeights()[i].data)
  // The first step is as long as its rate, and none where the rate is 0.
  const movedBy = (rate: number) => {
    const model = modelWith(make(1))
    const start = model.getWeights()[2].data
    model.compiled!.optimizer.learningRate = rate
    model.trainOnBatch(x, y)
    return model.getWeights()[2].data.map((weight, i) => weight - start[i])
  }
  expectClose(
    movedBy(0.5),
    movedBy(0.125).map(move => 4 * move),
    { rtol: 1e-4, atol: 1e-6 },
  )
  expect(movedBy(0.5).some(move => Math.abs(move) > 1e-3)).toBe(true)
  expect(movedBy(0).every(move => move === 0)).toBe(true)
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '0.1', undefined])(
  'refuses the rate %s, and keeps the one before',
  async rate => {
    const model = modelWith(new SGD({ learningRate: 0.5 }))
    const callbacks = [new LearningRateScheduler(epoch => (epoch === 1 ? (rate as number) : 0.25))]
    await expect(model.fit(x, y, { ...once, epochs: 3, callbacks })).rejects.toThrow(
      /^LearningRateScheduler: schedule\(1, 0\.25\) is .*, expected a finite number of at least 0$/,
    )
    expect(model.compiled!.optimizer.learningRate).toBe(0.25)
  },
)

test('says what it sets', async () => {
  const output = recorder()
  setTerminal(output)
  const callbacks = [new LearningRateScheduler(epoch => 0.5 / (epoch + 1), { verbose: 1 })]
  await toyModel().fit(x, y, { ...once, epochs: 2, callbacks })
  expect(output.written).toEqual([
    'Epoch 1: LearningRateScheduler setting learning rate to 0.5.\n',
    'Epoch 2: LearningRateScheduler setting learning rate to 0.25.\n',
  ])
})

test('refuses what is no schedule, and bad options', () => {
  expectRefusal(
    () => new LearningRateScheduler(0.1 as never),
    'LearningRateScheduler',
    'schedule',
    'schedule is 0.1, expected a function of epoch and learning rate',
  )
  expectRefusal(
    () => new LearningRateScheduler(() => 1, { verbose: 2 as never }),
    'LearningRateScheduler',
    'verbose',
    'expected 0 or 1',
  )
})
