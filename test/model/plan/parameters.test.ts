import { expect, test } from 'vitest'
import { Conv2D } from '../../../src/layers/conv2d.ts'
import { Dense } from '../../../src/layers/dense.ts'
import { Flatten } from '../../../src/layers/flatten.ts'
import { chain } from '../../../src/model/plan/chain.ts'
import { initialize, parametersByLink, placeParameters } from '../../../src/model/plan/parameters.ts'
import { glorotUniform, ones } from '../../../src/tensor/initializers.ts'
import { random } from '../../../src/tensor/random.ts'
import { expectSameBits } from '../../support/compare.ts'

const links = chain(
  [
    { name: 'stem', layer: new Conv2D({ filters: 5, kernelSize: 3, activation: 'relu' }) },
    { name: 'flatten', layer: new Flatten() },
    { name: 'head', layer: new Dense({ units: 2, kernelInitializer: ones }) },
  ],
  [4, 4, 1],
)
const { placed, length } = placeParameters(links)

test('lie one behind the other, each at a multiple of 64 bytes', () => {
  expect(
    placed.map(({ path, link, name, shape, offset, size }) => [path, link, name, shape, offset, size]),
  ).toEqual([
    ['stem/kernel', 0, 'kernel', [3, 3, 1, 5], 0, 45],
    ['stem/bias', 0, 'bias', [5], 48, 5],
    ['head/kernel', 3, 'kernel', [20, 2], 64, 40],
    ['head/bias', 3, 'bias', [2], 112, 2],
  ])
  expect(length).toBe(128)
})

test('of layers without any take no memory', () => {
  expect(placeParameters(chain([{ name: 'flatten', layer: new Flatten() }], [3]))).toEqual({
    placed: [],
    length: 0,
  })
})

test('start as their initialisers draw them, and nothing is written between', () => {
  const values = new Float32Array(length).fill(9)
  initialize(values, placed, 7)
  const kernel = new Float32Array(45)
  glorotUniform(kernel, [3, 3, 1, 5], random(7, 'stem/kernel'))
  expectSameBits(values.subarray(0, 45), kernel)
  expectSameBits(values.subarray(45, 48), [9, 9, 9])
  expectSameBits(values.subarray(48, 53), new Array(5).fill(0))
  expectSameBits(values.subarray(64, 104), new Array(40).fill(1))
})

test('are drawn from streams of their own, by seed and path', () => {
  const layer = new Dense({ units: 3 })
  const drawn = (seed: number, ...names: string[]) => {
    const { placed, length } = placeParameters(
      chain(
        names.map(name => ({ name, layer })),
        [3],
      ),
    )
    const values = new Float32Array(length)
    initialize(values, placed, seed)
    return (path: string) => {
      const { offset, size } = placed.find(parameter => parameter.path === path)!
      return [...values.subarray(offset, offset + size)]
    }
  }
  const both = drawn(1, 'a', 'b')
  expect(both('a/kernel')).not.toEqual(both('b/kernel'))
  expect(drawn(1, 'b')('b/kernel')).toEqual(both('b/kernel'))
  expect(drawn(2, 'a')('a/kernel')).not.toEqual(both('a/kernel'))
  expect(drawn(0, 'a')('a/kernel')).not.toEqual(drawn(-1, 'a')('a/kernel'))
})

test('are views of the flat arrays, for each link its own', () => {
  const values = Float32Array.from({ length }, (_, i) => i)
  const gradients = Float32Array.from(values, x => -x)
  const byLink = parametersByLink(placed, values, gradients)
  const own = byLink.get(3)!
  expect(Object.keys(own)).toEqual(['kernel', 'bias'])
  expect([own.kernel!.value[0], own.kernel!.value.length, own.bias!.gradient[1]]).toEqual([64, 40, -113])
  own.bias!.gradient[1] = 5
  expect(gradients[113]).toBe(5)
  expect(byLink.has(1)).toBe(false)
})
