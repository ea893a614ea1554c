import { describe, expect, test } from 'vitest'
import { referenceFloat32, referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts'
import { expectClose } from '../support/compare.ts'

describe.each([
  ['float32', referenceFloat32, Float32Array, 2 ** -23],
  ['float64', referenceFloat64, Float64Array, 1e-7],
] as const)('in %s', (_, { arithmetic }, array, distanceFrom1) => {
  const row = (output: number[], target: number[], fromLogits = false) => {
    const [x, t] = [new array(output), new array(target)] as Float64Array[]
    const gradient = new array(output.length).fill(Number.NaN) as Float64Array
    const value = binaryCrossentropy({ fromLogits }).row(arithmetic, output.length, 0, x!, t!, gradient, 1)
    return { value, gradient: Array.from(gradient) }
  }

  test('is the mean over the elements', () => {
    const { value, gradient } = row([0.25, 0.25], [1, 0])
    expectClose([value], [(Math.log(4) + Math.log(4 / 3)) / 2], { rtol: 1e-6, atol: 0 })
    expectClose(gradient, [-2, 2 / 3], { rtol: 1e-6, atol: 0 })
  })

  test('clips sure outputs, right and wrong', () => {
    expectClose([row([0], [1]).value], [-Math.log(1e-7)], { rtol: 1e-6, atol: 0 })
    expectClose([row([1], [0]).value], [-Math.log(distanceFrom1)], { rtol: 1e-6, atol: 0 })
    expectClose([row([1], [1]).value], [distanceFrom1], { rtol: 1e-6, atol: 0 })
    expect(row([0, 1, 1], [1, 0, 1]).gradient).toEqual([0, 0, 0])
  })

  test('takes logits that would overflow exp', () => {
    const { value, gradient } = row([1000, -1000, 1000, -1000], [0, 1, 1, 0], true)
    expect(value).toBe(500)
    expect(gradient).toEqual([0.25, -0.25, 0, 0])
  })
})
