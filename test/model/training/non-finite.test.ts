import {
  type Callback,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  MaxPool2D,
  NonFiniteError,
  Sequential,
  SGD,
} from 'convnet-ts'
import { expect, test } from 'vitest'
import { expectSameBits } from '../../support/compare.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const { x, y } = toyData(30)

async function failure(run: () => unknown): Promise<NonFiniteError> {
  try {
    await run()
  } catch (error) {
    if (error instanceof NonFiniteError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test('an infinite input is found, by epoch and step, and the weights stay those before the step', async () => {
  const model = toyModel()
  const bad = toyData(30).x
  bad.set(25, 3, 3, 0, Number.NaN)
  let before: number[] = []
  const keep: Callback = {
    onBatchEnd: (_batch, _logs, trained) => {
      before = trained.getWeights().flatMap(({ data }) => [...data])
    },
  }
  const error = await failure(() =>
    model.fit(bad, y, { batchSize: 10, shuffle: false, verbose: 0, callbacks: [keep] }),
  )
  expect(error).toMatchObject({ layer: 'input', epoch: 1, step: 3 })
  expect(error.message).toMatch(
    /^training fails at step 3 of epoch 1: .* first in the input x\. The weights are those from before/,
  )
  expectSameBits(
    model.getWeights().flatMap(({ data }) => [...data]),
    before,
  )
})

test('an infinite weight is found', async () => {
  const model = toyModel()
  const weights = model.getWeights()
  weights[2].data[5] = Number.POSITIVE_INFINITY
  model.setWeights(weights)
  const error = await failure(() => model.trainOnBatch(x, y))
  expect(error).toMatchObject({ layer: 'dense', epoch: 1, step: 1 })
  expect(error.message).toContain('the parameter dense/kernel')
})

test('an overflowing layer is found, though its input and weights are finite', async () => {
  const model = toyModel()
  model.setWeights(model.getWeights().map(({ data }) => data.map(value => value * 1e30)))
  const error = await failure(() => model.trainOnBatch(x, y))
  expect(error).toMatchObject({ layer: 'dense' })
  expect(error.message).toContain('the output of layer dense')
})

test('of layers that are computed in one step, the one where it began is named', async () => {
  const model = (weight: number) => {
    const made = new Sequential(
      [
        new Conv2D({ filters: 2, kernelSize: 3, activation: 'relu' }),
        new MaxPool2D(),
        new Dropout({ rate: 0.5 }),
        new Flatten(),
        new Dense({ units: 3, activation: 'softmax' }),
      ],
      { inputShape: [8, 8, 1] },
    )
    made.compile({ loss: 'sparseCategoricalCrossentropy' })
    made.setWeights(made.getWeights().map(({ data }, i) => data.map(() => (i === 0 ? weight : 0))))
    return made
  }
  const bright = new Float32Array(64).fill(1)
  const error = await failure(() => model(1e38).trainOnBatch(bright, Uint8Array.of(1)))
  expect(error.message).toContain('the output of layer conv2d')
  // A sum of nine that float32 holds, and not its double.
  const doubled = await failure(() => model(2.2e37).trainOnBatch(bright, Uint8Array.of(1)))
  expect(doubled.message).toContain('the output of layer dropout')
})

test('a learning rate that is far too high ends in this error, not in NaN weights', async () => {
  const model = toyModel()
  model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: new SGD({ learningRate: 1e38 }) })
  const error = await failure(() => model.fit(x, y, { epochs: 50, batchSize: 5, verbose: 0 }))
  expect(error).toMatchObject({ epoch: 1 })
  expect(error.step).toBeGreaterThan(1)
  expect(model.getWeights().every(({ data }) => data.every(Number.isFinite))).toBe(true)
})

test('an update that overflows after a finite loss is told at the end of the epoch', async () => {
  const model = toyModel()
  model.compile({ loss: 'meanSquaredError', optimizer: new SGD({ learningRate: 1e39 }) })
  const targets = Float32Array.from({ length: 90 }, () => 100)
  const error = await failure(() => model.fit(x, targets, { batchSize: 30, verbose: 0 }))
  expect(error).toMatchObject({ epoch: 1, step: 1 })
  expect(error.message).toMatch(/the parameter \S+\. The update of an earlier step has ruined it/)
})
