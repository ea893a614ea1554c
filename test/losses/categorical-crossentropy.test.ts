import { expect, test } from 'vitest'
import { referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts'
import { sparseCategoricalCrossentropy } from '../../src/losses/sparse-categorical-crossentropy.ts'
import { expectClose } from '../support/compare.ts'

const { arithmetic } = referenceFloat64

function row(output: number[], target: number[], fromLogits = false) {
  const gradient = new Float64Array(output.length).fill(Number.NaN)
  const x = Float64Array.from(output)
  const t = Float64Array.from(target)
  const value = categoricalCrossentropy({ fromLogits }).row(arithmetic, x.length, 0, x, t, gradient, 1)
  return { value, gradient }
}

test('weighs the logarithms of a distribution by the target', () => {
  const { value, gradient } = row([0.1, 0.3], [0.5, 0.25])
  expectClose([value], [-(0.5 * Math.log(0.25) + 0.25 * Math.log(0.75))], { rtol: 1e-14, atol: 0 })
  expectClose(gradient, [(0.75 - 0.5 / 0.25) / 0.4, (0.75 - 0.25 / 0.75) / 0.4], { rtol: 1e-14, atol: 0 })
})

test.each([false, true])('equals the sparse loss for one class, fromLogits %s', fromLogits => {
  const output = Float64Array.of(0.2, 0.9, 0.7)
  const sparse = new Float64Array(3)
  const loss = sparseCategoricalCrossentropy({ fromLogits })
  const value = loss.row(arithmetic, 3, 0, output, Int32Array.of(2), sparse, 1)
  const own = row(Array.from(output), [0, 0, 1], fromLogits)
  expectClose([own.value], [value], { rtol: 1e-14, atol: 0 })
  expectClose(own.gradient, sparse, { rtol: 1e-14, atol: 1e-15 })
})

test('clips after the division: a share of 0 has no gradient of its own', () => {
  const { value, gradient } = row([0, 2], [1, 0])
  expectClose([value], [-Math.log(1e-7)], { rtol: 1e-14, atol: 0 })
  expect(Array.from(gradient)).toEqual([0, 0])
})

test('of outputs that are all 0 is NaN', () => {
  expect(row([0, 0], [1, 0]).value).toBeNaN()
})
