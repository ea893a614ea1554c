import { describe, expect, test } from 'vitest'
import {
  type Conv2DGeometry,
  type Conv2DReluPoolGeometry,
  followsWindows,
  imagesPerShard,
} from '../../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'
import { windowGeometry } from '../../../src/layers/window.ts'
import { expectSameBits } from '../../support/compare.ts'
import {
  convProducts,
  denseProducts,
  fusedProducts,
  outcome,
  type Product,
  under,
} from '../../support/products.ts'
import { readyKernels, tiles } from '../../support/simd.ts'

/*
 * Sizes that the definitions are too slow for: those at which SIMD kernels cut their work into chunks, strips, blocks and
 * groups of images.
 */

const sets = [
  ['4×8', await readyKernels(1, tiles['4×8'], 'strict', false)],
  ['4×16, on threads', await readyKernels(3, tiles['4×16'])],
] as const

/** A convolution without padding and strides, or with them. */
function conv(
  image: readonly [height: number, width: number, channels: number],
  kernel: readonly [height: number, width: number],
  filters: number,
  padding: 'valid' | 'same' = 'valid',
  stride = 1,
): Conv2DGeometry {
  return { ...windowGeometry('conv', image, { kernel, strides: [stride, stride], padding }), filters }
}

function expectBitsOfReference(products: readonly Product[]): void {
  for (const product of products) {
    const expected = outcome(referenceFloat32, product)
    for (const [title, kernels] of sets) {
      for (const [i, array] of outcome(kernels, product).entries())
        expectSameBits(array, expected[i], `${product.title}, ${title}, output ${i}`)
    }
  }
}

describe('SIMD has the bits of the reference in dense layers', () => {
  test.each([
    ['5,000 inputs, in many blocks', 9, 5000, 37],
    ['5,000 inputs in few rows', 5, 5000, 37],
    ['5,000 units', 11, 21, 5000],
    ['5,000 units in few rows', 3, 21, 5000],
    ['1,100 rows, in many blocks of the weight gradient', 1100, 149, 9],
    ['blocks and chunks that are just full', 64, 1024, 16],
    ['blocks and chunks that are just too small', 65, 1025, 17],
    ['a block of one row', 513, 145, 3],
    ['one number', 1, 1, 1],
  ])('with %s', (_, rows, inputs, units) => {
    expectBitsOfReference(denseProducts(rows, inputs, units))
  })

  test.each([511, 512, 513, 1024, 1025, 5408, 10_816])(
    'with %i inputs, and rows that fill a tile or do not',
    inputs => {
      for (const rows of [1, 2, 3, 4, 5, 6, 7, 8, 9, 48, 49]) {
        const [forward] = denseProducts(rows, inputs, 19)
        expectBitsOfReference([forward])
      }
    },
  )

  test('with 1 … 40 units, which end anywhere in a tile', () => {
    for (let units = 1; units <= 40; units++)
      expectBitsOfReference([...denseProducts(3, 19, units), ...denseProducts(13, 19, units)])
  })
})

describe('SIMD has the bits of the reference in convolutions', () => {
  test('with 1 … 40 filters, which end anywhere in a tile', () => {
    for (let filters = 1; filters <= 40; filters++) {
      const g = conv([5, 6, 2], [3, 2], filters, 'same')
      expectBitsOfReference([...convProducts(g, 3), ...fusedProducts(under(g, 2, 2), 3)])
    }
  })

  test('with 1 … 40 channels', () => {
    for (let channels = 1; channels <= 40; channels++)
      expectBitsOfReference(convProducts(conv([4, 5, channels], [2, 3], 5, 'same'), 3))
  })

  test.each([
    ['images in strips', 2, conv([48, 50, 2], [3, 3], 5)],
    ['padded images in strips', 2, conv([60, 67, 2], [5, 5], 9, 'same')],
    ['padded images in strips, in strides', 3, conv([71, 90, 3], [3, 3], 6, 'same', 2)],
    ['images of a prime height', 2, conv([67, 41, 1], [2, 2], 7)],
    ['several images together, and a rest', 19, conv([6, 6, 3], [3, 3], 5, 'same')],
    ['many images together, and a rest', 37, conv([3, 3, 2], [2, 2], 4)],
    ['sixteen images of one pixel', 50, conv([1, 1, 3], [1, 1], 5)],
    ['segments of several blocks', 2, conv([3, 4, 600], [2, 2], 3)],
    ['several segments in a block, and a rest', 2, conv([5, 5, 50], [5, 3], 3)],
    ['more filters than a block is long', 2, conv([3, 4, 3], [2, 2], 600)],
    ['rows longer than a block', 2, conv([2, 1300, 1], [1, 3], 4)],
    ['rows longer than a block, in strides', 2, conv([3, 1300, 1], [2, 3], 4, 'same', 2)],
  ])('with %s', (_, rows, g) => {
    expectBitsOfReference([...convProducts(g, rows), ...fusedProducts(under(g, 1, 1), rows)])
  })

  test.each<[string, number, Conv2DReluPoolGeometry, boolean]>([
    ['strips of windows', 2, under(conv([48, 50, 2], [3, 3], 5), 3, 2), false],
    ['strips of windows that are followed', 3, under(conv([48, 51, 2], [3, 3], 8), 2, 2), true],
    ['padded windows that are followed', 18, under(conv([13, 12, 3], [3, 3], 12, 'same'), 2, 2), true],
    ['windows in strides that are followed', 18, under(conv([27, 26, 3], [3, 3], 4, 'same', 2), 1, 3), true],
    ['several images of windows together', 21, under(conv([7, 7, 3], [3, 3], 6, 'same'), 2, 3), false],
  ])('under %s', (_, rows, g, follows) => {
    expect(followsWindows(g)).toBe(follows)
    expectBitsOfReference(fusedProducts(g, rows))
  })

  test('whose weights are too many for shards, by channels', () => {
    const g = conv([5, 6, 40], [3, 3], 47, 'same')
    expect(imagesPerShard(g)).toBe(Number.POSITIVE_INFINITY)
    expectBitsOfReference([...convProducts(g, 19), ...fusedProducts(under(g, 2, 3), 19)])
  })

  test('whose weights are too many for shards, by filters where windows are followed', () => {
    const g = under(conv([7, 8, 2], [4, 4], 516), 2, 2)
    expect([followsWindows(g), imagesPerShard(g)]).toEqual([true, Number.POSITIVE_INFINITY])
    expectBitsOfReference(fusedProducts(g, 18))
  })
})
