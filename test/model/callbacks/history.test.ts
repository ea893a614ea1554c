import { History } from 'convnet-ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { toyData, toyModel } from '../../support/toy.ts'

const { x, y } = toyData(40)

test('keeps each number of each epoch, once for each fit', async () => {
  const own = new History()
  const model = toyModel()
  const options = { verbose: 0, validationSplit: 0.25, callbacks: [own] } as const
  const first = await model.fit(x, y, { ...options, epochs: 2 })
  expect(own.history).toEqual(first.history)
  const second = await model.fit(x, y, { ...options, epochs: 3 })
  expect(own.history).toEqual(second.history)
  expect(own.epoch).toEqual([0, 1, 2])
  expect(first.epoch).toEqual([0, 1])
  expect(first.history.valLoss).toHaveLength(2)
})

test('times training and validation, and nothing that callbacks do around them', () => {
  const now = vi.spyOn(performance, 'now')
  onTestFinished(() => now.mockRestore())
  const history = new History()
  const at = (ms: number, turn: () => void) => {
    now.mockReturnValue(ms)
    turn()
  }
  history.onTrainBegin({ epochs: 2, steps: 2, rows: 2, batchSize: 1, names: ['loss'] })
  at(1000, () => history.onEpochBegin())
  at(2000, () => history.onBatchEnd(0))
  at(5000, () => history.onBatchEnd(1))
  at(5500, () => history.onTestBegin())
  at(6250, () => history.onTestEnd())
  at(9000, () => history.onEpochEnd(0, { loss: 2, valLoss: 3 }))
  at(9500, () => history.onEpochBegin())
  at(9600, () => history.onBatchEnd(0))
  at(9625, () => history.onBatchEnd(1))
  at(9999, () => history.onEpochEnd(1, { loss: 1 }))
  expect(history).toMatchObject({ seconds: [4, 0.125], valSeconds: [0.75, 0] })
  expect(history.history).toEqual({ loss: [2, 1], valLoss: [3] })
})

test('is told of every turn by fit', async () => {
  const { seconds, valSeconds } = await toyModel().fit(x, y, { verbose: 0, epochs: 2, validationSplit: 0.5 })
  expect(seconds.map(time => time > 0)).toEqual([true, true])
  expect(valSeconds.map(time => time > 0)).toEqual([true, true])
})
