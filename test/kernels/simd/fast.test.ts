import { Adam, Conv2D, Dense, Flatten, garments, MaxPool2D, Rescaling, Sequential } from 'convnet-ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildModel, experiments } from '../../../examples/fashion-mnist/experiments.ts'
import { type Conv2DGeometry, followsWindows, type Kernels } from '../../../src/kernels/kernels.ts'
import { referenceFloat32, referenceFloat64 } from '../../../src/kernels/reference/reference.ts'
import { fusesMultiplyAdd, hasRelaxedSimd } from '../../../src/kernels/simd/runtime/features.ts'
import { windowGeometry } from '../../../src/layers/window.ts'
import type { Real } from '../../../src/tensor/tensor.ts'
import { expectSameBits, relativeError } from '../../support/compare.ts'
import {
  convProducts,
  denseProducts,
  fusedProducts,
  outcome,
  type Product,
  under,
} from '../../support/products.ts'
import { readyKernels, tiles } from '../../support/simd.ts'
import { trainedModel } from '../../support/trained.ts'

const conv: Conv2DGeometry = {
  ...windowGeometry('conv', [9, 11, 5], { kernel: [3, 2], strides: [1, 1], padding: 'same' }),
  filters: 19,
}
const followed: Conv2DGeometry = {
  ...windowGeometry('conv', [12, 13, 1], { kernel: [3, 3], strides: [1, 1], padding: 'valid' }),
  filters: 20,
}

/** By Winograd's algorithm: with tiles that hang over, and with several strips of an image. */
const deep: Conv2DGeometry = {
  ...windowGeometry('conv', [9, 7, 24], { kernel: [3, 3], strides: [1, 1], padding: 'same' }),
  filters: 40,
}
const wide: Conv2DGeometry = {
  ...windowGeometry('conv', [44, 27, 16], { kernel: [3, 3], strides: [1, 1], padding: 'valid' }),
  filters: 16,
}

/** Sizes that fill no tile, chains of several blocks, few rows, and both orders of the fused weight gradient. */
const products: [title: string, product: Product][] = [
  ...denseProducts(29, 1100, 37),
  ...denseProducts(5, 300, 37),
  ...convProducts(conv, 19),
  ...[under(conv, 3, 2), under(followed, 2, 2)].flatMap(g => fusedProducts(g, 19)),
  ...convProducts(deep, 17),
  ...[under(deep, 1, 1), under(deep, 3, 2)].flatMap(g => fusedProducts(g, 17)),
  ...convProducts(wide, 2),
  ...fusedProducts(under(wide, 2, 2), 2),
].map(product => [product.title, product])

/** |actual − exact| / (γₖ·Σ|aₖbₖ|), the largest of a case: γₖ = K·u / (1 − K·u) with u = 2⁻²⁴ and K terms. */
function worstError(product: Product, actual: readonly Real[], exact: readonly Real[]): number {
  const gamma = (product.terms * 2 ** -24) / (1 - product.terms * 2 ** -24)
  const magnitudes = outcome(referenceFloat64, product, Math.abs)
  let worst = 0
  for (const [i, magnitude] of magnitudes.entries())
    for (let j = 0; j < magnitude.length; j++) {
      const error = Math.abs(actual[i][j] - exact[i][j])
      // Both are 0 where all winners are dead.
      const share = error === 0 ? 0 : error / (gamma * magnitude[j])
      if (!(share <= worst)) worst = share
    }
  return worst
}

const images = garments({ train: 48, test: 1 }).train

/** Its second convolution and its third are done by Winograd's algorithm. */
const stack = new Sequential(
  [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 16, kernelSize: 3, activation: 'relu' }),
    new Conv2D({ filters: 24, kernelSize: 3, padding: 'same', activation: 'relu' }),
    new MaxPool2D({ poolSize: 2 }),
    new Conv2D({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
    new Flatten(),
    new Dense({ units: 10 }),
  ],
  { inputShape: [28, 28, 1], name: 'stack', seed: 1 },
)
stack.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: new Adam() })

const models = [...experiments.map(experiment => buildModel(experiment, 1)), stack]

describe.runIf(hasRelaxedSimd())('fast numerics (skipped where the engine lacks relaxed SIMD)', async () => {
  const sets: [string, Kernels<Float32Array>][] = []
  for (const threads of hasRelaxedSimd() ? [1, 2, 3] : [])
    for (const [title, tile] of Object.entries(tiles))
      sets.push([`${threads} threads, ${title}`, await readyKernels(threads, tile, 'fast')])

  test('one of the fused cases follows windows, the other does not', () => {
    expect([under(conv, 3, 2), under(followed, 2, 2)].map(followsWindows)).toEqual([false, true])
  })

  describe.each(products)('%s', (_, product) => {
    const actual: Real[] = []

    beforeAll(() => {
      actual.push(...outcome(sets[0][1], product))
    })

    test('is as near to float64 as its sums may be, and nearer than a wrong term would let it', () => {
      const exact = outcome(referenceFloat64, product)
      expect(worstError(product, actual, exact)).toBeLessThanOrEqual(1)
      for (const [wrong, length] of product.takes.entries()) {
        const without = (x: number, array: number, at: number) =>
          array === wrong && at === Math.floor(length / 2) ? 0 : x
        const lacking = outcome(referenceFloat64, product, without)
        expect(worstError(product, actual, lacking)).toBeGreaterThan(1)
      }
    })

    test('has the same bits for any number of threads, and any tile', () => {
      for (const [title, kernels] of sets.slice(1)) {
        for (const [i, array] of outcome(kernels, product).entries()) expectSameBits(array, actual[i], title)
      }
    })

    test.runIf(fusesMultiplyAdd())('has other bits than strict numerics', () => {
      const [strict] = outcome(referenceFloat32, product)
      expect(() => expectSameBits(actual[0], strict)).toThrow()
    })
  })

  test.each(models)('a whole step of $name is near that of the reference', model => {
    const expected = trainedModel(referenceFloat32, model, images, 1)
    const all = sets.map(([, kernels]) => trainedModel(kernels, model, images, 1))
    for (const { values, gradients } of all) {
      expect(relativeError(gradients, expected.gradients)).toBeLessThan(1e-4)
      expect(relativeError(values, expected.values)).toBeLessThan(1e-4)
      expectSameBits(values, all[0].values)
    }
    // What the step does to the weights is far more than that.
    const before = trainedModel(referenceFloat32, model, images, 0)
    expect(relativeError(before.values, expected.values)).toBeGreaterThan(1e-3)
  })
})
