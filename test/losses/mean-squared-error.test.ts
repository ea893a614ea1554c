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
  const output = Float32Array.of(1 + 2 ** -23, 1)
  const value = meanSquaredError().row(
    referenceFloat32.arithmetic,
    2,
    0,
    output,
    new Float32Array(2),
    null,
    1,
  )
  // (1 + 2⁻²³)² = 1 + 2⁻²² + 2⁻⁴⁶ loses its last term, and the sum with 1 then keeps 2 + 2⁻²².
  expect(value).toBe(1 + 2 ** -23)
})
