import { expect, test } from 'vitest'
import { PReLU } from '../../../examples/custom-layer.ts'
import { ShapeError } from '../../../src/errors.ts'
import { Conv2D } from '../../../src/layers/conv2d.ts'
import { Dense } from '../../../src/layers/dense.ts'
import { Flatten } from '../../../src/layers/flatten.ts'
import type { Layer } from '../../../src/layers/layer.ts'
import { MaxPool2D } from '../../../src/layers/max-pool2d.ts'
import { chain } from '../../../src/model/plan/chain.ts'

const stem = { name: 'stem', layer: new Conv2D({ filters: 4, kernelSize: 3, activation: 'relu' }) }
const pool = { name: 'pool', layer: new MaxPool2D() }
const flatten = { name: 'flatten', layer: new Flatten() }
const head = { name: 'head', layer: new Dense({ units: 10 }) }

test('hands shapes on, and replaces layers by their parts', () => {
  const links = chain([stem, pool, flatten, head], [8, 8, 1])
  expect(
    links.map(({ owner, layer, inputShape, outputShape }) => [owner, layer.type, inputShape, outputShape]),
  ).toEqual([
    ['stem', 'Conv2D', [8, 8, 1], [6, 6, 4]],
    ['stem', 'Activation', [6, 6, 4], [6, 6, 4]],
    ['pool', 'MaxPooling2D', [6, 6, 4], [3, 3, 4]],
    ['flatten', 'Flatten', [3, 3, 4], [36]],
    ['head', 'Dense', [36], [10]],
  ])
})

test('has what each part needs for its own input', () => {
  const [convolution, activation, pooling, , dense] = chain([stem, pool, flatten, head], [8, 8, 1])
  expect(convolution!.needs.parameters!.kernel!.shape).toEqual([3, 3, 1, 4])
  expect(activation!.needs.parameters).toBe(undefined)
  expect(pooling!.needs.saved!.winners!.perRow).toBe(36)
  expect(dense!.needs.parameters!.kernel!.shape).toEqual([36, 10])
})

test('of no layers is empty', () => {
  expect(chain([], [8, 8, 1])).toEqual([])
})

test('names the layer that does not fit as the model names it', () => {
  const named = { name: 'second', layer: new Conv2D({ filters: 1, kernelSize: 7, name: 'own' }) }
  const make = () => chain([stem, named], [8, 8, 1])
  expect(make).toThrow(ShapeError)
  expect(make).toThrow('layer second: a window of 7×7 does not fit on an image of 6×6')
})

test('refuses a layer with two parameters of one name among its parts, and takes others', () => {
  const layerOf = (...parts: Layer[]): Layer => ({
    ...({} as Layer),
    type: 'Mine',
    config: {},
    parts: () => parts,
  })
  const twice = layerOf(new Dense({ units: 2 }), new Dense({ units: 3 }))
  const make = () => chain([{ name: 'twice', layer: twice }], [4])
  expect(make).toThrow(ShapeError)
  expect(make).toThrow('layer twice: two of its parts have a parameter kernel, expected one')

  const sloped = layerOf(new Conv2D({ filters: 2, kernelSize: 3 }), new PReLU())
  const links = chain([{ name: 'sloped', layer: sloped }, stem], [8, 8, 1])
  expect(links.flatMap(({ needs }) => Object.keys(needs.parameters ?? {}))).toEqual([
    'kernel',
    'bias',
    'alpha',
    'kernel',
    'bias',
  ])
})

/** A layer that keeps its input's shape. */
const withNeeds = (needs: object): Layer => ({
  type: 'Odd',
  config: {},
  outputShape: shape => shape,
  needs: () => needs,
  bind: () => ({ forward() {}, backward() {} }),
})

test.each<[string, Layer, string]>([
  [
    'outputs',
    new Dense({ units: 2 ** 40 }),
    'a row of its output, of shape (1099511627776,), would have 1099511627776',
  ],
  ['weights', new Dense({ units: 2 ** 32 }), 'its kernel, of shape (2, 4294967296), would have 8589934592'],
  [
    'kept',
    withNeeds({ saved: { mask: { perRow: Number.POSITIVE_INFINITY, dtype: 'real' } } }),
    'mask, which it keeps of a row, would have Infinity',
  ],
  [
    'uncountable',
    withNeeds({ parameters: { scale: { shape: [2, 0.1, Number.NaN], initializer: () => {} } } }),
    'its scale, of shape (2, 0.1, NaN), would have NaN',
  ],
])('refuses a layer with more than any array holds: %s', (_, layer, message) => {
  expect(() => chain([{ name: 'large', layer }], [2])).toThrow(ShapeError)
  expect(() => chain([{ name: 'large', layer }], [2])).toThrow(`layer large: ${message} elements`)
})

test('takes as much as an array can hold', () => {
  const [link] = chain([{ name: 'large', layer: new Dense({ units: 2 ** 31 }) }], [2])
  expect(link.needs.parameters!.kernel.shape).toEqual([2, 2 ** 31])
})

test('lets other errors through as they are', () => {
  const error = new RangeError('mine')
  const faulty: Layer = {
    ...({} as Layer),
    type: 'Faulty',
    config: {},
    outputShape: () => {
      throw error
    },
  }
  expect(() => chain([{ name: 'faulty', layer: faulty }], [1])).toThrow(error)
})
