import { Adam, fashionMnist, sparseCategoricalCrossentropy } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { PReLU } from '../../../examples/custom-layer.ts'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'
import { Conv2D } from '../../../src/layers/conv2d.ts'
import { Dense } from '../../../src/layers/dense.ts'
import { Dropout } from '../../../src/layers/dropout.ts'
import { Flatten } from '../../../src/layers/flatten.ts'
import type { Layer } from '../../../src/layers/layer.ts'
import { MaxPool2D } from '../../../src/layers/max-pool2d.ts'
import { Rescaling } from '../../../src/layers/rescaling.ts'
import { Network } from '../../../src/model/plan/network.ts'
import { Predictor } from '../../../src/model/predictor.ts'
import type { Labelled } from '../../../src/model/rows.ts'
import { Objective } from '../../../src/model/training/objective.ts'
import { Trainer } from '../../../src/model/training/trainer.ts'
import type { Shape } from '../../../src/tensor/shape.ts'
import { expectSameBits, relativeError } from '../../support/compare.ts'
import { experimentLayers } from '../../support/experiments.ts'
import { realData, testWithRealData } from '../../support/real-data.ts'
import { toyData } from '../../support/toy.ts'

const named = (layers: readonly Layer[]) => layers.map((layer, i) => ({ name: `layer_${i}`, layer }))

const network = (layers: readonly Layer[], input: Shape, fuse: boolean) =>
  new Network(referenceFloat32, named(layers), input, 5, { fuse })

const deep = [
  new Rescaling({ scale: 0.5 }),
  new Conv2D({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }),
  new MaxPool2D(),
  new Dropout({ rate: 0.3 }),
  new Conv2D({ filters: 3, kernelSize: 2, activation: 'relu' }),
  new Dropout({ rate: 0.5 }),
  new PReLU(),
  new Conv2D({ filters: 5, kernelSize: 1 }),
  new Flatten(),
  new Dropout({ rate: 0.2, seed: 9 }),
  new Dense({ units: 3, activation: 'sigmoid' }),
]

test('steps have the name and the place of the first link that they stand for', () => {
  const { steps, outputShape } = network(deep, [8, 8, 1], true)
  expect(steps.map(({ owner, index, layer }) => [owner, index, layer.type])).toEqual([
    ['layer_0', 0, 'Rescaling'],
    ['layer_1', 1, 'Conv2D + ReLU + MaxPooling2D + Dropout'],
    ['layer_4', 5, 'Conv2D + ReLU + Dropout'],
    ['layer_6', 8, 'PReLU'],
    ['layer_7', 9, 'Conv2D'],
    ['layer_8', 10, 'Flatten'],
    ['layer_9', 11, 'Dropout'],
    ['layer_10', 12, 'Dense'],
    ['layer_10', 13, 'Activation'],
  ])
  for (const [k, { inputShape }] of steps.entries())
    expect(inputShape).toEqual(k === 0 ? [8, 8, 1] : steps[k - 1].outputShape)
  expect(steps.at(-1)!.outputShape).toEqual(outputShape)
})

test('can be switched off', () => {
  const { steps, links } = network(deep, [8, 8, 1], false)
  expect(steps).toBe(links)
})

test('leaves weights where they are, with their names and first values', () => {
  const [fused, apart] = [true, false].map(fuse => network(deep, [8, 8, 1], fuse))
  expect(fused.placed.map(({ path, offset }) => [path, offset])).toEqual(
    apart.placed.map(({ path, offset }) => [path, offset]),
  )
  expectSameBits(fused.values, apart.values)
})

/** Trains a fused and an unfused network, and hands them back with the outputs that each predicts. */
function trainBoth(layers: readonly Layer[], input: Shape, data: Labelled, rows: number, steps: number) {
  return [true, false].map(fuse => {
    const one = network(layers, input, fuse)
    const objective = new Objective(one, sparseCategoricalCrossentropy(), [])
    const trainer = new Trainer(one, new Adam(), objective, rows)
    const predictor = new Predictor(one, 7)
    const before = predictor.predict(data.x)
    const losses = Array.from({ length: steps }, (_, step) => {
      objective.reset()
      trainer.step(data, { order: null, from: (step * rows) % data.x.count, rows }, 3)
      return objective.report({}).loss
    })
    return { values: one.values, before, losses }
  })
}

describe('a fused and an unfused network', () => {
  const { x, y } = toyData(40)
  const data = { x: { count: 40, size: 64, data: x.data }, y: { count: 40, size: 1, data: y } }

  test('predict the same bits, draw the same masks, and learn the same', () => {
    const [fused, apart] = trainBoth(deep, [8, 8, 1], data, 10, 20)
    expectSameBits(fused.before, apart.before)
    expect(fused.losses[0]).toBe(apart.losses[0])
    expect(fused.losses[19]).toBeCloseTo(apart.losses[19], 4)
    expect(relativeError(fused.values, apart.values)).toBeLessThan(1e-4)
  })

  test('learn the same bits where no chain follows windows', () => {
    const layers = [
      new Conv2D({ filters: 4, kernelSize: 3, activation: 'relu' }),
      new MaxPool2D({ poolSize: 3 }),
      new Dropout({ rate: 0.3 }),
      new Conv2D({ filters: 4, kernelSize: 2, activation: 'relu' }),
      new Flatten(),
      new Dense({ units: 3, activation: 'softmax' }),
    ]
    const [fused, apart] = trainBoth(layers, [8, 8, 1], data, 20, 6)
    expectSameBits(fused.losses, apart.losses)
    expectSameBits(fused.values, apart.values)
  })

  testWithRealData('learn the same from real images', 'train-images-idx3-ubyte.gz', async () => {
    const { train } = await fashionMnist({ dir: realData })
    const images = { count: 128, size: 784, data: train.images.data.subarray(0, 128 * 784) }
    const labels = { count: 128, size: 1, data: train.labels.subarray(0, 128) }
    const layers = [new Rescaling({ scale: 1 / 255 }), ...experimentLayers(3)]
    const [fused, apart] = trainBoth(layers, [28, 28, 1], { x: images, y: labels }, 32, 4)
    expectSameBits(fused.before, apart.before)
    expect(fused.losses[0]).toBe(apart.losses[0])
    expect(fused.losses[3]).toBeCloseTo(apart.losses[3], 4)
    expect(relativeError(fused.values, apart.values)).toBeLessThan(1e-4)
  })
})
