import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Activation } from '../../src/layers/activation.ts'
import { Conv2D } from '../../src/layers/conv2d.ts'
import { Conv2DReluMaxPool2D, fuseConv2D } from '../../src/layers/conv2d-relu-max-pool2d.ts'
import { Dropout } from '../../src/layers/dropout.ts'
import type { Layer } from '../../src/layers/layer.ts'
import { MaxPool2D, type MaxPool2DOptions } from '../../src/layers/max-pool2d.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { drawnGeometries, windowCases } from '../support/geometries.ts'
import { stepContract } from '../support/layer-contract.ts'

const conv = new Conv2D({ filters: 3, kernelSize: 3 })
const relu = new Activation({ activation: 'relu' })
const pool = new MaxPool2D()
const dropout = new Dropout({ rate: 0.4 })

const image = [7, 8, 3]
const otherImage = [5, 4, 1]

stepContract([
  ['Conv2D + ReLU', new Conv2DReluMaxPool2D(conv, null, null), image, otherImage],
  ['Conv2D + ReLU + Dropout', new Conv2DReluMaxPool2D(conv, null, dropout), image, otherImage],
  ['Conv2D + ReLU + MaxPooling2D', new Conv2DReluMaxPool2D(conv, pool, null), image, otherImage],
  [
    'Conv2D + ReLU + MaxPooling2D + Dropout',
    new Conv2DReluMaxPool2D(
      new Conv2D({ filters: 2, kernelSize: [2, 3], strides: [1, 2], padding: 'same', useBias: false }),
      new MaxPool2D({ poolSize: [3, 2] }),
      new Dropout({ rate: 0.4, seed: 3 }),
    ),
    image,
    otherImage,
  ],
  [
    'all four, where Dropout drops nothing',
    new Conv2DReluMaxPool2D(conv, pool, new Dropout({ rate: 0 })),
    image,
    otherImage,
  ],
])

test('its backward pass has the gradients of its forward pass', () => {
  const pools = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  fc.assert(
    fc.property(windowCases, pools, fc.boolean(), fc.boolean(), (window, poolSize, useBias, drops) => {
      const { input, size, strides, padding } = window
      const convolution = new Conv2D({ filters: 2, kernelSize: size, strides, padding, useBias })
      const [height, width] = convolution.outputShape(input) as [number, number, number]
      fc.pre(poolSize[0] <= height && poolSize[1] <= width)
      gradCheck(new Conv2DReluMaxPool2D(convolution, new MaxPool2D({ poolSize }), drops ? dropout : null), {
        inputShape: input,
      })
    }),
    drawnGeometries,
  )
})

test('keeps a byte a cell, and neither its output nor the map', () => {
  const layer = new Conv2DReluMaxPool2D(new Conv2D({ filters: 32, kernelSize: 3 }), pool, dropout)
  const { saved, backwardReads, parameters, multiplyAdds } = layer.needs([28, 28, 1])
  expect(saved).toEqual({ winners: { perRow: 13 * 13 * 32, dtype: 'uint8' } })
  expect(backwardReads).toBe('input')
  expect(Object.keys(parameters!)).toEqual(['kernel', 'bias'])
  expect(multiplyAdds).toBe(26 * 26 * 9 * 32)
  expect(layer.outputShape([28, 28, 1])).toEqual([13, 13, 32])
})

describe('is found', () => {
  const typeOf = (...layers: Layer[]) => {
    const found = fuseConv2D(layers, [8, 9, 2])
    return found && [found.layer.type, found.length]
  }
  const pooling = (options: MaxPool2DOptions) => new MaxPool2D(options)
  const pooled = ['Conv2D + ReLU + MaxPooling2D', 3]
  const unpooled = ['Conv2D + ReLU', 2]

  test.each<[string, Layer[], (string | number)[] | null]>([
    ['without pooling', [conv, relu], unpooled],
    ['with pooling', [conv, relu, pool], pooled],
    ['with dropout behind pooling', [conv, relu, pool, dropout, conv], [`${pooled[0]} + Dropout`, 4]],
    ['with dropout alone', [conv, relu, dropout, pool], [`${unpooled[0]} + Dropout`, 3]],
    ['with the first of two of a kind', [conv, relu, pool, pool], pooled],
    ['with windows of one pixel', [conv, relu, pooling({ poolSize: 1 })], pooled],
    ['with windows that leave pixels over', [conv, relu, pooling({ poolSize: [4, 5] })], pooled],
    [
      'with same padding that adds nothing',
      [conv, relu, pooling({ poolSize: [3, 7], padding: 'same' })],
      pooled,
    ],
    ['without overhanging windows', [conv, relu, pooling({ poolSize: 2, padding: 'same' })], unpooled],
    ['without windows that overlap', [conv, relu, pooling({ poolSize: 2, strides: [2, 1] })], unpooled],
    ['without windows that lie apart', [conv, relu, pooling({ poolSize: 2, strides: 3 })], unpooled],
    ['not without ReLU', [conv, pool], null],
    ['not with another activation', [conv, new Activation({ activation: 'sigmoid' })], null],
    ['not behind something else', [pool, conv, relu], null],
    ['not in nothing', [], null],
  ])('%s', (_, layers, expected) => {
    expect(typeOf(...layers)).toEqual(expected)
  })

  test('with as many pixels in a window as a byte can name', () => {
    const found = (poolSize: [number, number]) =>
      fuseConv2D([conv, relu, new MaxPool2D({ poolSize })], [30, 30, 1])?.length
    expect([found([15, 17]), found([16, 16])]).toEqual([3, 2])
  })

  test('never with a layer of a user, though it be derived from a built-in one', () => {
    class OwnConv2D extends Conv2D {}
    class OwnActivation extends Activation {}
    class OwnMaxPool2D extends MaxPool2D {}
    class OwnDropout extends Dropout {}
    expect(typeOf(new OwnConv2D({ filters: 1, kernelSize: 1 }), relu)).toBe(null)
    expect(typeOf(conv, new OwnActivation({ activation: 'relu' }))).toBe(null)
    expect(typeOf(conv, relu, new OwnMaxPool2D(), dropout)).toEqual(unpooled)
    expect(typeOf(conv, relu, pool, new OwnDropout({ rate: 0.1 }))).toEqual(pooled)
    expect(typeOf({ ...conv, type: 'Conv2D' } as unknown as Layer, relu)).toBe(null)
  })
})
