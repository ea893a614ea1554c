import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Conv2DGeometry,
  imagesPerShard,
  SHARD_IMAGES,
  SHARDED_WEIGHTS,
} from '../../src/kernels/kernels.ts'
import { random } from '../../src/tensor/random.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { kernelSets } from '../support/kernel-sets.ts'
import {
  centred,
  chain,
  expectWritten,
  finite,
  inputs,
  outputs,
  type Round,
  sum,
  windows,
  withSpecials,
} from '../support/kernels.ts'

type Numbers = ArrayLike<number>
type Pair = readonly [number, number]

const sizes = (g: Conv2DGeometry) => ({
  x: g.height * g.width * g.channels,
  w: g.kernelHeight * g.kernelWidth * g.channels * g.filters,
  y: g.outHeight * g.outWidth * g.filters,
})

/** The definitions, element by element. */
function definition(g: Conv2DGeometry, round: Round, rows: number) {
  /** The pixel that output (oh, ow) sees through (kh, kw): 0 in the padding. */
  const pixel = (x: Numbers, n: number, oh: number, ow: number, kh: number, kw: number, c: number) => {
    const h = oh * g.strideHeight + kh - g.padTop
    const w = ow * g.strideWidth + kw - g.padLeft
    const inside = h >= 0 && h < g.height && w >= 0 && w < g.width
    return inside ? x[((n * g.height + h) * g.width + w) * g.channels + c] : 0
  }
  const weightAt = (kh: number, kw: number, c: number, f: number) =>
    ((kh * g.kernelWidth + kw) * g.channels + c) * g.filters + f
  const outputAt = (n: number, oh: number, ow: number, f: number) =>
    ((n * g.outHeight + oh) * g.outWidth + ow) * g.filters + f

  function* seenBy(x: Numbers, w: Numbers, n: number, oh: number, ow: number, f: number): Generator<Pair> {
    for (let kh = 0; kh < g.kernelHeight; kh++)
      for (let kw = 0; kw < g.kernelWidth; kw++)
        for (let c = 0; c < g.channels; c++) yield [pixel(x, n, oh, ow, kh, kw, c), w[weightAt(kh, kw, c, f)]]
  }

  /** A sum for each shard of images, and these added in order. */
  function overShards(ofShard: (images: readonly number[]) => number): number {
    const shards: number[] = []
    const step = imagesPerShard(g)
    for (let from = 0; from < rows; from += step) {
      const count = Math.min(step, rows - from)
      shards.push(ofShard(Array.from({ length: count }, (_, i) => from + i)))
    }
    return sum(round, shards)
  }

  function* outputsOf(images: readonly number[]): Generator<readonly [number, number, number]> {
    for (const n of images)
      for (let oh = 0; oh < g.outHeight; oh++) for (let ow = 0; ow < g.outWidth; ow++) yield [n, oh, ow]
  }

  function* reachedFrom(dy: Numbers, w: Numbers, n: number, h: number, column: number, c: number) {
    for (let kh = 0; kh < g.kernelHeight; kh++) {
      for (let kw = 0; kw < g.kernelWidth; kw++) {
        const oh = (h + g.padTop - kh) / g.strideHeight
        const ow = (column + g.padLeft - kw) / g.strideWidth
        const exists =
          Number.isInteger(oh) &&
          Number.isInteger(ow) &&
          oh >= 0 &&
          oh < g.outHeight &&
          ow >= 0 &&
          ow < g.outWidth
        for (let f = 0; exists && f < g.filters; f++) {
          yield [dy[outputAt(n, oh, ow, f)], w[weightAt(kh, kw, c, f)]] as const
        }
      }
    }
  }

  return {
    *conv2d(x: Numbers, w: Numbers, b: Numbers | null) {
      for (let n = 0; n < rows; n++)
        for (let oh = 0; oh < g.outHeight; oh++)
          for (let ow = 0; ow < g.outWidth; ow++)
            for (let f = 0; f < g.filters; f++) yield chain(round, b ? b[f] : 0, seenBy(x, w, n, oh, ow, f))
    },
    *dw(x: Numbers, dy: Numbers) {
      for (let kh = 0; kh < g.kernelHeight; kh++)
        for (let kw = 0; kw < g.kernelWidth; kw++)
          for (let c = 0; c < g.channels; c++)
            for (let f = 0; f < g.filters; f++)
              yield overShards(images => {
                const pairs = Array.from(outputsOf(images), ([n, oh, ow]): Pair => {
                  return [pixel(x, n, oh, ow, kh, kw, c), dy[outputAt(n, oh, ow, f)]]
                })
                return chain(round, 0, pairs)
              })
    },
    *db(dy: Numbers) {
      for (let f = 0; f < g.filters; f++)
        yield overShards(images =>
          sum(
            round,
            Array.from(outputsOf(images), ([n, oh, ow]) => dy[outputAt(n, oh, ow, f)]),
          ),
        )
    },
    *dx(dy: Numbers, w: Numbers) {
      for (let n = 0; n < rows; n++)
        for (let h = 0; h < g.height; h++)
          for (let column = 0; column < g.width; column++)
            for (let c = 0; c < g.channels; c++) yield chain(round, 0, reachedFrom(dy, w, n, h, column, c))
    },
  }
}

const geometries = fc
  .tuple(windows, fc.integer({ min: 1, max: 6 }))
  .map(([window, filters]): Conv2DGeometry => ({ ...window, filters }))

/** An image of `kernel` × `kernel` pixels, seen once. */
const single = (kernel: number, channels: number, filters: number): Conv2DGeometry => ({
  height: kernel,
  width: kernel,
  channels,
  kernelHeight: kernel,
  kernelWidth: kernel,
  strideHeight: 1,
  strideWidth: 1,
  padTop: 0,
  padLeft: 0,
  outHeight: 1,
  outWidth: 1,
  filters,
})

const smallest = single(1, 1, 1)
const largestSharded = single(4, 32, 32)
const tooLargeForShards = single(4, 32, 33)

test('images are sharded where the weights are few', () => {
  expect(sizes(largestSharded).w).toBe(SHARDED_WEIGHTS)
  expect(imagesPerShard(smallest)).toBe(SHARD_IMAGES)
  expect(imagesPerShard(largestSharded)).toBe(SHARD_IMAGES)
  expect(imagesPerShard(tooLargeForShards)).toBe(Number.POSITIVE_INFINITY)
})

describe.each(kernelSets)('conv2d in %s', (_, kernels, round) => {
  test('has the sums of its definition, in their order', () => {
    fc.assert(
      fc.property(
        geometries,
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(),
        (g, rows, useBias, special, seed) => {
          const next = random(seed)
          const draw = special ? withSpecials(next) : centred(next)
          const size = sizes(g)
          const x = inputs(kernels, rows * size.x, draw)
          const w = inputs(kernels, size.w, draw)
          const b = useBias ? inputs(kernels, g.filters, draw) : null
          const dy = inputs(kernels, rows * size.y, draw)
          const expected = definition(g, round, rows)

          const y = outputs(kernels, rows * size.y)
          kernels.conv2d(g, rows, x, w, b, y)
          expectWritten(y, [...expected.conv2d(x, w, b)], 'y')

          // Outputs that do not exist may be added as 0·w.
          const finiteW = inputs(kernels, size.w, finite(draw))
          const dx = outputs(kernels, rows * size.x)
          kernels.conv2dBackwardInput(g, rows, dy, finiteW, dx)
          expectWritten(dx, [...expected.dx(dy, finiteW)], 'dx')

          const dw = outputs(kernels, size.w)
          const db = useBias ? outputs(kernels, g.filters) : null
          kernels.conv2dBackwardWeights(g, rows, x, dy, dw, db)
          expectWritten(dw, [...expected.dw(x, dy)], 'dw')
          if (db) expectWritten(db, [...expected.db(dy)], 'db')
        },
      ),
    )
  })

  const checkWeightGradients = (g: Conv2DGeometry, rows: number) => {
    const draw = centred(random(rows, g.filters))
    const size = sizes(g)
    const x = inputs(kernels, rows * size.x, draw)
    const dy = inputs(kernels, rows * size.y, draw)
    const dw = outputs(kernels, size.w)
    const db = outputs(kernels, g.filters)
    kernels.conv2dBackwardWeights(g, rows, x, dy, dw, db)
    const expected = definition(g, round, rows)
    expectWritten(dw, [...expected.dw(x, dy)], 'dw')
    expectWritten(db, [...expected.db(dy)], 'db')
  }

  test.each([1, 15, 16, 17, 32, 33])('adds the weight gradients of %i images by shards', rows => {
    fc.assert(
      fc.property(geometries, g => checkWeightGradients(g, rows)),
      { numRuns: 4 },
    )
  })

  test('shards a convolution with as many weights as may be, and none with more', () => {
    checkWeightGradients(largestSharded, SHARD_IMAGES + 3)
    checkWeightGradients(tooLargeForShards, SHARD_IMAGES + 3)
  })

  test('counts padding as +0, which shows in the sign of a zero', () => {
    const g = { ...single(1, 1, 1), kernelHeight: 2 }
    const [x, w, b] = [
      kernels.allocate(1).fill(-0),
      kernels.allocate(2).fill(1),
      kernels.allocate(1).fill(-0),
    ]
    const y = outputs(kernels, 1)
    kernels.conv2d(g, 1, x as Real, w as Real, b as Real, y)
    expectWritten(y, [0], 'y with padding')
    kernels.conv2d({ ...g, kernelHeight: 1 }, 1, x as Real, w as Real, b as Real, y)
    expectWritten(y, [-0], 'y without padding')
  })
})
