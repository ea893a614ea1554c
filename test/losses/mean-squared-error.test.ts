import { expect, test } from 'vitest'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts'

test('is the mean of the squares of one row', () => {
  const output = Float32Array.of(9, 9, 1, 2)
  const target = Float32Array.of(0, 0, 4, 0)
  const gradient = Float32Array.of(7, 7, 7, 7)
  const value = meanSquaredError().row(referenceFloat32.arithmetic, 2, 1, output, target, gradient, 0.5)
  expect(value).toBe((9 + 4) / 2)
  expect(Array.from(gradient)).toEqual([7, 7, -1.5, 1])
})

test('rounds each operation to float32', () => {
  const output = Float32Array.of(2 ** -12, 1 + 2 ** -12)
  const value = meanSquaredError().row(
    referenceFloat32.arithmetic,
    2,
    0,
    output,
    new Float32Array(2),
    null,
    1,
  )
  // The square 1 + 2⁻¹¹ + 2⁻²⁴ loses its last term to rounding, and then the sum its 2⁻²⁴. Rounded once, both would stay.
  expect(value).toBe((1 + 2 ** -11) / 2)
})
