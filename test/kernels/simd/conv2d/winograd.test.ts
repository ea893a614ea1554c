import { describe, expect, test } from 'vitest'
import type { Conv2DGeometry } from '../../../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../../../src/kernels/reference/reference.ts'
import { usesWinograd } from '../../../../src/kernels/simd/conv2d/winograd.ts'
import { A, AT, BT, G, GT } from '../../../../src/kernels/simd/conv2d/winograd-transforms.ts'
import { hasRelaxedSimd } from '../../../../src/kernels/simd/runtime/features.ts'
import { windowGeometry } from '../../../../src/layers/window.ts'
import { expectSameBits, relativeError } from '../../../support/compare.ts'
import { convProducts, fusedProducts, outcome, under } from '../../../support/products.ts'
import { readyKernels, tiles } from '../../../support/simd.ts'

const fast = { numerics: 'fast', tile: tiles['4×8'], relaxedSimd: true } as const

const deep: Conv2DGeometry = {
  ...windowGeometry('conv', [7, 6, 16], { kernel: [3, 3], strides: [1, 1], padding: 'same' }),
  filters: 24,
}

type Matrix = readonly (readonly number[])[]
const times = (matrix: Matrix, vector: readonly number[]) =>
  matrix.map(row => row.reduce((sum, factor, k) => sum + factor * vector[k], 0))

describe('the transforms', () => {
  const d = [3, -5, 7, 11]
  const g = [2, 6, -4]
  const dy = [13, -9]
  const v = times(BT, d)

  test('give the outputs of a filter of three numbers: F(2, 3)', () => {
    const u = times(G, g)
    const m = v.map((x, i) => x * u[i])
    expect(times(AT, m)).toEqual([0, 1].map(o => g.reduce((sum, x, k) => sum + x * d[o + k], 0)))
  })

  test('give the gradient of the filter', () => {
    const du = times(A, dy).map((x, i) => x * v[i])
    expect(times(GT, du)).toEqual([0, 1, 2].map(k => dy.reduce((sum, x, o) => sum + x * d[o + k], 0)))
  })
})

describe('usesWinograd', () => {
  test('holds for 3×3 kernels of enough channels and filters, in fast numerics', () => {
    expect(usesWinograd(fast, deep)).toBe(true)
    expect(usesWinograd({ ...fast, numerics: 'strict' }, deep)).toBe(false)
  })

  test.each<[string, Partial<Conv2DGeometry>]>([
    ['another height of the kernel', { kernelHeight: 2 }],
    ['another width of the kernel', { kernelWidth: 5 }],
    ['strides down', { strideHeight: 2 }],
    ['strides across', { strideWidth: 2 }],
    ['more padding above than the kernel sees', { padTop: 3 }],
    ['more padding at the left than the kernel sees', { padLeft: 3 }],
    ['images too low', { height: 3 }],
    ['images too narrow', { width: 3 }],
    ['few channels', { channels: 8 }],
    ['few filters', { filters: 8 }],
    ['channels that fill no pair of vectors', { channels: 20 }],
    ['filters that fill no pair of vectors', { filters: 20 }],
  ])('does not hold for %s', (_, change) => {
    expect(usesWinograd(fast, { ...deep, ...change })).toBe(false)
  })
})

test.runIf(hasRelaxedSimd())('weight gradients go on from group to group of strips', async () => {
  const kernels = await readyKernels(2, tiles['6×16'], 'fast')
  const many: Conv2DGeometry = {
    ...windowGeometry('conv', [8, 8, 256], { kernel: [3, 3], strides: [1, 1], padding: 'same' }),
    filters: 16,
  }
  const [, product] = convProducts(many, 35)
  const expected = outcome(referenceFloat32, product)
  for (const [i, array] of outcome(kernels, product).entries())
    expect(relativeError(array, expected[i])).toBeLessThan(2e-6)
})

test('strict numerics keep the bits of the definition where fast numerics would not', async () => {
  const kernels = await readyKernels(1, tiles['4×16'])
  for (const product of [...convProducts(deep, 3), ...fusedProducts(under(deep, 2, 2), 3)]) {
    const expected = outcome(referenceFloat32, product)
    for (const [i, array] of outcome(kernels, product).entries())
      expectSameBits(array, expected[i], product.title)
  }
})
