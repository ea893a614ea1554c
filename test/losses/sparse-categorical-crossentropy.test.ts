import { describe, expect, test } from 'vitest'
import { referenceFloat32, referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { sparseCategoricalCrossentropy } from '../../src/losses/sparse-categorical-crossentropy.ts'
import { expectClose } from '../support/compare.ts'

const { arithmetic } = referenceFloat64
const near = { rtol: 1e-14, atol: 0 }

test('divides outputs that do not sum to 1 by their sum', () => {
  const output = Float64Array.of(0.9, 0.6, 0.3)
  const gradient = new Float64Array(3)
  const value = sparseCategoricalCrossentropy().row(arithmetic, 3, 0, output, Int32Array.of(1), gradient, 1)
  expectClose([value], [Math.log(3)], near)
  expectClose(gradient, [1 / 1.8, 1 / 1.8 - 1 / 0.6, 1 / 1.8], near)
})

describe.each([
  ['float32', referenceFloat32, Float32Array],
  ['float64', referenceFloat64, Float64Array],
] as const)('in %s', (_, { arithmetic }, array) => {
  const row = (output: number[], y: number, fromLogits = false) => {
    const x = new array(output) as Float64Array
    const gradient = new array(output.length).fill(Number.NaN) as Float64Array
    const loss = sparseCategoricalCrossentropy({ fromLogits })
    const value = loss.row(arithmetic, output.length, 0, x, Int32Array.of(y), gradient, 1)
    return { value, gradient: Array.from(gradient) }
  }

  test('has gradient 0 for exactly the outputs that are clipped', () => {
    const { value, gradient } = row([1, 0, 0.5, 1e-8], 2)
    expectClose([value], [Math.log(1.5 / 0.5)], { rtol: 1e-6, atol: 0 })
    expect(gradient[0]).toBe(0)
    expect(gradient[1]).toBe(0)
    expect(gradient[3]).toBe(0)
    expectClose([gradient[2]], [1 / 1.5 - 2], { rtol: 1e-6, atol: 0 })
  })

  test('does not count an output on the bound as clipped', () => {
    const { gradient } = row([1e-7, 1 - 1e-7], 0)
    expectClose(gradient, [1 - 1e7, 1], { rtol: 1e-6, atol: 0 })
  })

  test('of outputs all saturated at 1 is log of their number, and cannot be improved', () => {
    const { value, gradient } = row([1, 1, 1, 1], 3)
    expectClose([value], [Math.log(4)], { rtol: 1e-6, atol: 0 })
    expect(gradient).toEqual([0, 0, 0, 0])
  })

  test('takes logits that would overflow exp', () => {
    const { value, gradient } = row([1000, 0, -1000], 1, true)
    expect(value).toBe(1000)
    expect(gradient).toEqual([1, -1, 0])
  })

  test('is NaN for logits without a softmax', () => {
    const infinity = Number.POSITIVE_INFINITY
    expect(row([-infinity, -infinity], 0, true).value).toBeNaN()
    expect(row([0, infinity], 0, true).value).toBeNaN()
  })
})
