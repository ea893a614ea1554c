import { garments } from 'convnet-ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { experiments } from '../../../examples/fashion-mnist/experiments.ts'
import {
  type Conv2DGeometry,
  type Conv2DReluPoolGeometry,
  followsWindows,
  imagesPerShard,
  type Kernels,
  NO_WINNER,
} from '../../../src/kernels/kernels.ts'
import { referenceFloat32, referenceFloat64 } from '../../../src/kernels/reference/reference.ts'
import { fusesMultiplyAdd, hasRelaxedSimd } from '../../../src/kernels/simd/features.ts'
import { windowGeometry } from '../../../src/layers/window.ts'
import { random } from '../../../src/tensor/random.ts'
import type { Real } from '../../../src/tensor/tensor.ts'
import { expectSameBits, relativeError } from '../../support/compare.ts'
import { integers } from '../../support/kernels.ts'
import { readyKernels, tiles } from '../../support/simd.ts'
import { trained } from '../../support/trained.ts'

/** A kernel, the lengths of what it takes, those of what it writes, and the terms of its longest sum. */
interface Case {
  readonly title: string
  readonly takes: readonly number[]
  readonly writes: readonly number[]
  readonly terms: number
  readonly run: (kernels: Kernels<Real>, given: Real[], written: Real[]) => void
}

/** Sizes that fill no tile, and chains of several blocks. */
function denseCases(rows: number, inputs: number, units: number): Case[] {
  const g = { inputs, units }
  const [x, w, y] = [rows * inputs, inputs * units, rows * units]
  return [
    {
      ...{ title: 'dense', takes: [x, w, units], writes: [y], terms: inputs + 1 },
      run: (k, [x, w, b], [y]) => k.dense(g, rows, x, w, b, y),
    },
    {
      ...{ title: 'denseBackwardWeights', takes: [x, y], writes: [w, units], terms: rows },
      run: (k, [x, dy], [dw, db]) => k.denseBackwardWeights(g, rows, x, dy, dw, db),
    },
    {
      ...{ title: 'denseBackwardInput', takes: [y, w], writes: [x], terms: units },
      run: (k, [dy, w], [dx]) => k.denseBackwardInput(g, rows, dy, w, dx),
    },
  ]
}

/** What convolutions take and write: numbers of an array, and terms of a sum. */
function sizesOf(g: Conv2DGeometry, rows: number, cells: number) {
  const taps = g.kernelHeight * g.kernelWidth * g.channels
  const shard = Math.min(rows, imagesPerShard(g))
  return {
    x: rows * g.height * g.width * g.channels,
    w: taps * g.filters,
    y: rows * cells * g.filters,
    ofOutput: taps + 1,
    // A sum of each shard, and their sum.
    ofWeight: shard * g.outHeight * g.outWidth + Math.ceil(rows / shard),
    ofInput: g.kernelHeight * g.kernelWidth * g.filters,
  }
}

function convCases(g: Conv2DGeometry, rows: number): Case[] {
  const { x, w, y, ofOutput, ofWeight, ofInput } = sizesOf(g, rows, g.outHeight * g.outWidth)
  return [
    {
      ...{ title: 'conv2d', takes: [x, w, g.filters], writes: [y], terms: ofOutput },
      run: (k, [x, w, b], [y]) => k.conv2d(g, rows, x, w, b, y),
    },
    {
      ...{ title: 'conv2dBackwardWeights', takes: [x, y], writes: [w, g.filters], terms: ofWeight },
      run: (k, [x, dy], [dw, db]) => k.conv2dBackwardWeights(g, rows, x, dy, dw, db),
    },
    {
      ...{ title: 'conv2dBackwardInput', takes: [y, w], writes: [x], terms: ofInput },
      run: (k, [dy, w], [dx]) => k.conv2dBackwardInput(g, rows, dy, w, dx),
    },
  ]
}

function fusedCases(title: string, g: Conv2DReluPoolGeometry, rows: number): Case[] {
  const { x, w, y, ofOutput, ofWeight, ofInput } = sizesOf(g, rows, g.pooledHeight * g.pooledWidth)
  const winners = (k: Kernels<Real>) => {
    const drawn = integers(k, Uint8Array, y)
    const next = random('winners')
    for (let i = 0; i < y; i++)
      drawn[i] = next() < 0.3 ? NO_WINNER : Math.floor(next() * g.poolHeight * g.poolWidth)
    return drawn
  }
  return [
    {
      // The largest of sums is no further off than the sum that is furthest off.
      ...{ title: `conv2dReluMaxPool2d, ${title}`, takes: [x, w, g.filters], writes: [y], terms: ofOutput },
      run: (k, [x, w, b], [y]) => k.conv2dReluMaxPool2d(g, rows, x, w, b, y, null, null),
    },
    {
      ...{ title: `conv2dReluMaxPool2dBackwardWeights, ${title}`, takes: [x, y], writes: [w, g.filters] },
      terms: ofWeight,
      run: (k, [x, dy], [dw, db]) =>
        k.conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners(k), null, dw, db),
    },
    {
      ...{ title: `conv2dReluMaxPool2dBackwardInput, ${title}`, takes: [y, w], writes: [x] },
      terms: ofInput,
      run: (k, [dy, w], [dx]) => k.conv2dReluMaxPool2dBackwardInput(g, rows, dy, winners(k), null, w, dx),
    },
  ]
}

const conv: Conv2DGeometry = {
  ...windowGeometry('conv', [9, 11, 5], { kernel: [3, 2], strides: [1, 1], padding: 'same' }),
  filters: 19,
}
const pooled = { ...conv, poolHeight: 3, poolWidth: 2, pooledHeight: 3, pooledWidth: 5 }
const followed = {
  ...windowGeometry('conv', [12, 13, 1], { kernel: [3, 3], strides: [1, 1], padding: 'valid' }),
  ...{ filters: 20, poolHeight: 2, poolWidth: 2, pooledHeight: 5, pooledWidth: 5 },
}

const cases = [
  ...denseCases(29, 1100, 37),
  ...convCases(conv, 19),
  ...fusedCases('pixel by pixel', pooled, 19),
  ...fusedCases('following windows', followed, 19),
]

/** What a case writes, of the same float32 numbers from −1 to 1 in each kernel set, once they are changed. */
function outcome(kernels: Kernels<Real>, { title, takes, writes, run }: Case, change = (x: number[]) => x) {
  const next = random(title)
  const drawn = takes.map(length => Array.from({ length }, () => Math.fround(2 * next() - 1)))
  const given = drawn.map(numbers => {
    const array = kernels.allocate(numbers.length)
    array.set(change(numbers))
    return array
  })
  const written = writes.map(length => kernels.allocate(length))
  run(kernels, given, written)
  return written
}

/** |actual − exact| / (γₖ·Σ|aₖbₖ|), the largest of a case: γₖ = K·u / (1 − K·u) with u = 2⁻²⁴ and K terms. */
function worstError(one: Case, actual: Real[], exact: Real[]): number {
  const gamma = (one.terms * 2 ** -24) / (1 - one.terms * 2 ** -24)
  const magnitudes = outcome(referenceFloat64, one, numbers => numbers.map(Math.abs))
  let worst = 0
  for (const [i, magnitude] of magnitudes.entries())
    for (let j = 0; j < magnitude.length; j++) {
      const error = Math.abs(actual[i][j] - exact[i][j])
      // Nothing is to be added where all winners are dead.
      const share = error === 0 ? 0 : error / (gamma * magnitude[j])
      if (!(share <= worst)) worst = share
    }
  return worst
}

const images = garments({ train: 48, test: 1 }).train

describe.runIf(hasRelaxedSimd())('fast numerics (skipped where the engine lacks relaxed SIMD)', async () => {
  const sets: [string, Kernels<Float32Array>][] = []
  for (const threads of hasRelaxedSimd() ? [1, 2, 3] : [])
    for (const [title, tile] of Object.entries(tiles))
      sets.push([`${threads} threads, ${title}`, await readyKernels(threads, tile, 'fast')])

  test('one of the fused cases follows windows, the other does not', () => {
    expect([pooled, followed].map(followsWindows)).toEqual([false, true])
  })

  describe.each(cases.map(one => [one.title, one] as const))('%s', (_, one) => {
    const actual: Real[] = []

    beforeAll(() => {
      actual.push(...outcome(sets[0][1], one))
    })

    test('is as near to float64 as its sums may be, and nearer than a wrong term would let it', () => {
      const exact = outcome(referenceFloat64, one)
      expect(worstError(one, actual, exact)).toBeLessThanOrEqual(1)
      for (const wrong of one.takes.keys()) {
        let taken = 0
        const withoutOne = outcome(referenceFloat64, one, numbers =>
          taken++ === wrong ? numbers.with(Math.floor(numbers.length / 2), 0) : numbers,
        )
        expect(worstError(one, actual, withoutOne)).toBeGreaterThan(1)
      }
    })

    test('has the same bits for any number of threads, and any tile', () => {
      for (const [title, kernels] of sets.slice(1)) {
        for (const [i, array] of outcome(kernels, one).entries()) expectSameBits(array, actual[i], title)
      }
    })

    test.runIf(fusesMultiplyAdd())('has other bits than strict numerics', () => {
      const [strict] = outcome(referenceFloat32, one)
      expect(() => expectSameBits(actual[0], strict)).toThrow()
    })
  })

  test.each(experiments)('a whole step of experiment $number is near that of the reference', experiment => {
    const expected = trained(referenceFloat32, experiment, images, 1)
    const all = sets.map(([, kernels]) => trained(kernels, experiment, images, 1))
    for (const { values, gradients } of all) {
      expect(relativeError(gradients, expected.gradients)).toBeLessThan(1e-4)
      expect(relativeError(values, expected.values)).toBeLessThan(1e-4)
      expectSameBits(values, all[0].values)
    }
    // What the step does to the weights is far more than that.
    const before = trained(referenceFloat32, experiment, images, 0)
    expect(relativeError(before.values, expected.values)).toBeGreaterThan(1e-3)
  })
})
