import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Conv2DReluPoolGeometry,
  followsWindows,
  imagesPerShard,
  type Kernels,
  type Mask,
  NO_WINNER,
} from '../../src/kernels/kernels.ts'
import { windowGeometry } from '../../src/layers/window.ts'
import { random } from '../../src/tensor/random.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { expectClose, expectSameBits } from '../support/compare.ts'
import { kernelSets } from '../support/kernel-sets.ts'
import {
  centred,
  chain,
  expectWritten,
  inputs,
  integers,
  outputs,
  type Round,
  sum,
  windows,
  withSpecials,
} from '../support/kernels.ts'

type Numbers = ArrayLike<number>

const sizes = (g: Conv2DReluPoolGeometry) => ({
  x: g.height * g.width * g.channels,
  w: g.kernelHeight * g.kernelWidth * g.channels * g.filters,
  map: g.outHeight * g.outWidth * g.filters,
  y: g.pooledHeight * g.pooledWidth * g.filters,
})

/** The pooling by itself. */
const poolOf = (g: Conv2DReluPoolGeometry) =>
  windowGeometry('pool', [g.outHeight, g.outWidth, g.filters], {
    kernel: [g.poolHeight, g.poolWidth],
    strides: [g.poolHeight, g.poolWidth],
    padding: 'valid',
  })

/** The same by the functions that this one stands for, each with an array of its own. */
function byParts(kernels: Kernels<Real>, g: Conv2DReluPoolGeometry, rows: number, mask: Mask | null) {
  const size = sizes(g)
  const map = kernels.allocate(rows * size.map) as Real
  const winners = integers(kernels, Uint8Array, rows * size.y)
  return {
    forward(x: Real, w: Real, b: Real | null) {
      const y = kernels.allocate(rows * size.y) as Real
      kernels.conv2d(g, rows, x, w, b, map)
      kernels.relu(map.length, map, map)
      kernels.maxPool2d(poolOf(g), rows, map, y, winners)
      if (mask) kernels.dropout(y.length, mask.rate, mask.key, y, y)
      return { y, winners: Array.from(winners, (winner, i) => (y[i] > 0 ? winner : NO_WINNER)) }
    },
    /** After `forward`. */
    backward(x: Real, w: Real, dy: Real) {
      const cells = kernels.allocate(rows * size.y) as Real
      const pixels = kernels.allocate(rows * size.map) as Real
      cells.set(dy.subarray(0, cells.length))
      if (mask) kernels.dropout(cells.length, mask.rate, mask.key, cells, cells)
      kernels.maxPool2dBackward(poolOf(g), rows, cells, winners, pixels)
      kernels.reluBackward(map.length, map, pixels, pixels)
      const [dx, dw, db] = [rows * size.x, size.w, g.filters].map(n => kernels.allocate(n) as Real)
      kernels.conv2dBackwardInput(g, rows, pixels, w, dx)
      kernels.conv2dBackwardWeights(g, rows, x, pixels, dw, db)
      return { dx, dw, db }
    },
  }
}

/** A pixel that won, and the gradient of its cell. */
interface Winner {
  readonly n: number
  readonly oh: number
  readonly ow: number
  readonly gradient: number
}

/** The definition of the weight gradients, element by element. */
function weightGradients(
  g: Conv2DReluPoolGeometry,
  round: Round,
  rows: number,
  x: Numbers,
  dy: Numbers,
  winners: Uint8Array,
  scale: number,
) {
  const winnersOf = (n: number, f: number): Winner[] => {
    const found: Winner[] = []
    for (let ph = 0; ph < g.pooledHeight; ph++) {
      for (let pw = 0; pw < g.pooledWidth; pw++) {
        const cell = ((n * g.pooledHeight + ph) * g.pooledWidth + pw) * g.filters + f
        const winner = winners[cell]
        if (winner === NO_WINNER) continue
        const oh = ph * g.poolHeight + Math.floor(winner / g.poolWidth)
        const ow = pw * g.poolWidth + (winner % g.poolWidth)
        found.push({ n, oh, ow, gradient: round(dy[cell] * scale) })
      }
    }
    return followsWindows(g) ? found : found.sort((a, b) => a.oh - b.oh || a.ow - b.ow)
  }
  const pixel = ({ n, oh, ow }: Winner, kh: number, kw: number, c: number) => {
    const h = oh * g.strideHeight + kh - g.padTop
    const w = ow * g.strideWidth + kw - g.padLeft
    const inside = h >= 0 && h < g.height && w >= 0 && w < g.width
    return inside ? x[((n * g.height + h) * g.width + w) * g.channels + c] : 0
  }
  const overShards = (f: number, ofShard: (winners: readonly Winner[]) => number) => {
    const shards = new Map<number, Winner[]>()
    for (let n = 0; n < rows; n++) {
      const shard = Math.floor(n / imagesPerShard(g))
      shards.set(shard, [...(shards.get(shard) ?? []), ...winnersOf(n, f)])
    }
    return sum(round, Array.from(shards.values(), ofShard))
  }
  const dw: number[] = []
  for (let kh = 0; kh < g.kernelHeight; kh++)
    for (let kw = 0; kw < g.kernelWidth; kw++)
      for (let c = 0; c < g.channels; c++)
        for (let f = 0; f < g.filters; f++)
          dw.push(
            overShards(f, shard =>
              chain(
                round,
                0,
                shard.map(winner => [pixel(winner, kh, kw, c), winner.gradient]),
              ),
            ),
          )
  const db = Array.from({ length: g.filters }, (_, f) =>
    overShards(f, shard =>
      sum(
        round,
        shard.map(({ gradient }) => gradient),
      ),
    ),
  )
  return { dw, db }
}

const upTo = (max: number) => fc.integer({ min: 1, max })

/** Convolutions of all kinds under windows of all sizes, of which some leave pixels over at the right and bottom. */
const geometries = fc
  .tuple(
    windows,
    // Below a tile's columns, as many, and whole tiles with some filters left over.
    fc.oneof(upTo(6), fc.constantFrom(4, 8, 16, 19, 20)),
    fc.oneof(fc.tuple(upTo(3), upTo(3)), fc.constant([2, 2] as const)),
  )
  .filter(([g, , [poolHeight, poolWidth]]) => poolHeight <= g.outHeight && poolWidth <= g.outWidth)
  .map(
    ([g, filters, [poolHeight, poolWidth]]): Conv2DReluPoolGeometry => ({
      ...g,
      filters,
      poolHeight,
      poolWidth,
      pooledHeight: Math.floor(g.outHeight / poolHeight),
      pooledWidth: Math.floor(g.outWidth / poolWidth),
    }),
  )

const masks = fc.option(
  fc.record({
    rate: fc.constantFrom(0, 0.17, 0.5, 0.9),
    key: fc.record({ layer: fc.integer(), step: fc.nat() }),
  }),
)

/** Few values, so that many pixels tie, at 0 of either sign as well. */
const withTies = (next: () => number) => () => [-1, -0, 0, 0, 0.5, 1, -0.5][Math.floor(7 * next())]

const drawings = fc.constantFrom(centred, withTies, withSpecials)

const drawn = fc.record({
  g: geometries,
  rows: upTo(3),
  mask: masks,
  useBias: fc.boolean(),
  draw: drawings,
  seed: fc.nat(),
})

describe.each(kernelSets)('conv2dReluMaxPool2d in %s', (_, kernels, round) => {
  test('has the output and the winners of its parts', () => {
    fc.assert(
      fc.property(drawn, ({ g, rows, mask, useBias, draw, seed }) => {
        const next = draw(random(seed))
        const size = sizes(g)
        const x = inputs(kernels, rows * size.x, next)
        const w = inputs(kernels, size.w, next)
        const b = useBias ? inputs(kernels, g.filters, next) : null
        const expected = byParts(kernels, g, rows, mask).forward(x, w, b)

        const y = outputs(kernels, rows * size.y)
        const winners = integers(kernels, Uint8Array, rows * size.y + 2).fill(77)
        kernels.conv2dReluMaxPool2d(g, rows, x, w, b, y, winners, mask)
        expectWritten(y, expected.y, 'y')
        expectSameBits(winners, [...expected.winners, 77, 77], 'winners')

        const unwatched = outputs(kernels, rows * size.y)
        kernels.conv2dReluMaxPool2d(g, rows, x, w, b, unwatched, null, mask)
        expectSameBits(unwatched, y, 'y without winners')
      }),
    )
  })

  test('goes on with sums too long for one block', () => {
    const next = centred(random('long'))
    const g = {
      ...windowGeometry('long', [6, 7, 24], { kernel: [5, 5], strides: [1, 1], padding: 'same' }),
      ...{ filters: 19, poolHeight: 2, poolWidth: 2, pooledHeight: 3, pooledWidth: 3 },
    }
    const size = sizes(g)
    const [x, w, b] = [2 * size.x, size.w, g.filters].map(n => inputs(kernels, n, next))
    const expected = byParts(kernels, g, 2, null).forward(x, w, b)
    const y = outputs(kernels, 2 * size.y)
    const winners = integers(kernels, Uint8Array, 2 * size.y)
    kernels.conv2dReluMaxPool2d(g, 2, x, w, b, y, winners, null)
    expectWritten(y, expected.y, 'y')
    expectSameBits(winners, expected.winners, 'winners')
  })

  test('has the input gradients of its parts', () => {
    fc.assert(
      fc.property(drawn, drawings, ({ g, rows, mask, draw, seed }, drawGradient) => {
        const next = random(seed)
        const size = sizes(g)
        const x = inputs(kernels, rows * size.x, draw(next))
        const w = inputs(kernels, size.w, draw(next))
        const dy = inputs(kernels, rows * size.y, drawGradient(next))
        const parts = byParts(kernels, g, rows, mask)
        const winners = integers(kernels, Uint8Array, rows * size.y)
        winners.set(parts.forward(x, w, null).winners)

        const dx = outputs(kernels, rows * size.x)
        kernels.conv2dReluMaxPool2dBackwardInput(g, rows, dy, winners, mask, w, dx)
        expectWritten(dx, parts.backward(x, w, dy).dx, 'dx')
      }),
    )
  })

  const checkWeightGradients = (
    g: Conv2DReluPoolGeometry,
    rows: number,
    mask: Mask | null,
    draw: typeof centred,
    seed: number,
  ) => {
    const next = random(seed)
    const size = sizes(g)
    const x = inputs(kernels, rows * size.x, draw(next))
    const w = inputs(kernels, size.w, centred(next))
    const dy = inputs(kernels, rows * size.y, draw(next))
    const parts = byParts(kernels, g, rows, mask)
    const winners = integers(kernels, Uint8Array, rows * size.y)
    winners.set(parts.forward(x, w, null).winners)
    const scale = mask ? round(1 / (1 - mask.rate)) : 1
    const defined = weightGradients(g, round, rows, x, dy, winners, scale)

    const dw = outputs(kernels, size.w)
    const db = outputs(kernels, g.filters)
    kernels.conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, db)
    expectWritten(dw, defined.dw, 'dw')
    expectWritten(db, defined.db, 'db')

    const expected = parts.backward(x, w, dy)
    if (!followsWindows(g)) {
      expectWritten(dw, expected.dw, 'dw of the parts')
      expectWritten(db, expected.db, 'db of the parts')
    } else {
      const epsilon = round === Math.fround ? 2 ** -24 : 2 ** -53
      const tolerance = { rtol: 1e-5, atol: 2 * scale * (rows * size.y + rows) * epsilon }
      expectClose(dw.subarray(0, size.w), expected.dw, tolerance, 'dw of the parts')
      expectClose(db.subarray(0, g.filters), expected.db, tolerance, 'db of the parts')
    }

    const withoutBias = outputs(kernels, size.w)
    kernels.conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, withoutBias, null)
    expectSameBits(withoutBias, dw, 'dw without bias')
  }

  test('has the weight gradients of its definition, and those of its parts', () => {
    fc.assert(
      fc.property(drawn, fc.constantFrom(centred, withTies), ({ g, rows, mask, seed }, draw) =>
        checkWeightGradients(g, rows, mask, draw, seed),
      ),
    )
  })

  test.each([15, 16, 17, 33])('adds the weight gradients of %i images by shards', rows => {
    fc.assert(
      fc.property(geometries, masks, (g, mask) => checkWeightGradients(g, rows, mask, centred, rows)),
      { numRuns: 6 },
    )
  })

  test('hands infinite and NaN gradients on to the weights of those filters alone', () => {
    const g = { ...identity(2, 2, 2, 2), filters: 3 }
    const x = inputs(kernels, 4, () => 1)
    const w = inputs(kernels, 3, () => 1)
    const y = outputs(kernels, 3)
    const winners = integers(kernels, Uint8Array, 3)
    kernels.conv2dReluMaxPool2d(g, 1, x, w, null, y, winners, null)
    const dy = kernels.allocate(3)
    dy.set([2, Number.NaN, Number.NEGATIVE_INFINITY])
    const dw = outputs(kernels, 3)
    kernels.conv2dReluMaxPool2dBackwardWeights(g, 1, x, dy, winners, null, dw, null)
    expectWritten(dw, dy, 'dw')
  })

  describe.each([1, 8])('with %i filters', filters => {
    test.each([
      ['the largest', [1, 4, 3, 2], 4, 1],
      ['the first of equals', [0, 3, 3, 3], 3, 1],
      ['none of those below 0', [-3, -1, -2, -4], 0, NO_WINNER],
      ['none of zeros', [0, 0, 0, 0], 0, NO_WINNER],
      ['none of zeros, −0 first', [-0, 0, -1, 0], -0, NO_WINNER],
      ['none of zeros, −0 behind a negative', [-1, -0, -0, -0], 0, NO_WINNER],
      ['not NaN', [9, 3, Number.NaN, 1], Number.NaN, NO_WINNER],
      ['infinity', [9, 3, 5, Number.POSITIVE_INFINITY], Number.POSITIVE_INFINITY, 3],
      ['the smallest there is', [0, 0, 5e-324, 1e-45], kernels.arithmetic.round(1e-45), 3],
    ])('lets win %s', (_, pixels, value, winner) => {
      const x = kernels.allocate(4) as Real
      x.set(pixels)
      const [y, unwatched] = [outputs(kernels, filters), outputs(kernels, filters)]
      const winners = integers(kernels, Uint8Array, filters)
      const ones = kernels.allocate(filters).fill(1) as Real
      // A bias that leaves −0 as it is.
      const bias = kernels.allocate(filters).fill(-0) as Real
      const g = { ...identity(2, 2, 2, 2), filters }
      kernels.conv2dReluMaxPool2d(g, 1, x, ones, bias, y, winners, null)
      expectWritten(y, new Array(filters).fill(value), 'y')
      expect(Array.from(winners)).toEqual(new Array(filters).fill(winner))
      kernels.conv2dReluMaxPool2d(g, 1, x, ones, bias, unwatched, null, null)
      expectSameBits(unwatched, y, 'y without winners')
    })
  })

  test('names the last pixel of the largest window', () => {
    const g = identity(15, 17, 15, 17)
    const x = kernels.allocate(255) as Real
    x[254] = 2
    const [y, dx] = [outputs(kernels, 1), outputs(kernels, 255)]
    const winners = integers(kernels, Uint8Array, 1)
    const one = kernels.allocate(1).fill(1) as Real
    kernels.conv2dReluMaxPool2d(g, 1, x, one, null, y, winners, null)
    expect(winners[0]).toBe(254)
    kernels.conv2dReluMaxPool2dBackwardInput(
      g,
      1,
      inputs(kernels, 1, () => 3),
      winners,
      null,
      one,
      dx,
    )
    expectWritten(dx, [...new Array(254).fill(0), 3], 'dx')
  })
})

/** One filter of one weight, whose map is the image, under one window. */
const identity = (
  height: number,
  width: number,
  poolHeight: number,
  poolWidth: number,
): Conv2DReluPoolGeometry => ({
  ...windowGeometry('identity', [height, width, 1], { kernel: [1, 1], strides: [1, 1], padding: 'valid' }),
  filters: 1,
  poolHeight,
  poolWidth,
  pooledHeight: 1,
  pooledWidth: 1,
})

test.each([
  ['windows of 2×2 over 3×3 of one channel', [2, 2], [3, 3, 1], true],
  ['windows of 1×4', [1, 4], [3, 3, 1], true],
  ['two pixels', [2, 1], [3, 3, 3], true],
  ['patches of 32 numbers', [2, 2], [4, 4, 2], true],
  ['not patches of 33', [2, 2], [3, 11, 1], false],
  ['not windows of 3×2', [3, 2], [3, 3, 1], false],
  ['not without pooling, where there is no other order', [1, 1], [3, 3, 1], false],
] as const)(
  'weight gradients follow the windows of: %s',
  (_, pool, [kernelHeight, kernelWidth, channels], is) => {
    const g = { ...identity(20, 20, pool[0], pool[1]), filters: 4, kernelHeight, kernelWidth, channels }
    expect(followsWindows(g)).toBe(is)
    expect(followsWindows({ ...g, filters: 6 })).toBe(false)
  },
)
