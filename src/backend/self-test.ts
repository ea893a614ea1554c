import { type Conv2DGeometry, type Kernels, NO_WINNER } from '../kernels/kernels.ts'
import { referenceFloat32, referenceFloat64 } from '../kernels/reference/reference.ts'
import type { Numerics } from '../kernels/simd/numerics.ts'
import { random } from '../tensor/random.ts'
import type { Real } from '../tensor/tensor.ts'

/** Runs a kernel of a set on inputs of a few drawn numbers, and gives its outputs. */
type Case = <A extends Real>(kernels: Kernels<A>, draw: (length: number) => A) => A[]

/** Sums of products, and the number of terms of the longest. */
type Sum = readonly [terms: number, run: Case]

/** Lengths that are no multiples of any tile. */
const dense = { inputs: 53, units: 37 }
const ROWS = 21
const conv: Conv2DGeometry = {
  ...{ height: 9, width: 8, channels: 5, filters: 19 },
  ...{ kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, padTop: 1, padLeft: 1 },
  ...{ outHeight: 9, outWidth: 8 },
}
/** Deep enough for Winograd's algorithm, with tiles that hang over. */
const deep: Conv2DGeometry = { ...conv, channels: 16, filters: 24 }
const IMAGES = 3
const NUMBERS = 1367

const sums: readonly Sum[] = [
  [
    dense.inputs + 1,
    (k, draw) => {
      const y = k.allocate(ROWS * dense.units)
      const [x, w, b] = [ROWS * dense.inputs, dense.inputs * dense.units, dense.units].map(draw)
      k.dense(dense, ROWS, x, w, b, y)
      return [y]
    },
  ],
  [
    Math.max(ROWS, dense.units),
    (k, draw) => {
      const [dw, db] = [dense.inputs * dense.units, dense.units].map(n => k.allocate(n))
      const dx = k.allocate(ROWS * dense.inputs)
      const [x, dy, w] = [ROWS * dense.inputs, ROWS * dense.units, dense.inputs * dense.units].map(draw)
      k.denseBackwardWeights(dense, ROWS, x, dy, dw, db)
      k.denseBackwardInput(dense, ROWS, dy, w, dx)
      return [dw, db, dx]
    },
  ],
  ...[conv, deep].flatMap(convolutionSums),
]

function convolutionSums(conv: Conv2DGeometry): Sum[] {
  const pool = { ...conv, poolHeight: 2, poolWidth: 2, pooledHeight: 4, pooledWidth: 4 }
  const image = conv.height * conv.width * conv.channels
  const map = conv.outHeight * conv.outWidth * conv.filters
  const pooled = pool.pooledHeight * pool.pooledWidth * pool.filters
  const weights = conv.kernelHeight * conv.kernelWidth * conv.channels * conv.filters
  return [
    [
      weights / conv.filters + 1,
      (k, draw) => {
        const [y, fused] = [IMAGES * map, IMAGES * pooled].map(n => k.allocate(n))
        const [x, w, b] = [IMAGES * image, weights, conv.filters].map(draw)
        k.conv2d(conv, IMAGES, x, w, b, y)
        k.conv2dReluMaxPool2d(pool, IMAGES, x, w, b, fused, null, null)
        return [y, fused]
      },
    ],
    [
      IMAGES * conv.outHeight * conv.outWidth + 1,
      (k, draw) => {
        const [dw, db, dx] = [weights, conv.filters, IMAGES * image].map(n => k.allocate(n))
        const [x, dy, w] = [IMAGES * image, IMAGES * map, weights].map(draw)
        k.conv2dBackwardWeights(conv, IMAGES, x, dy, dw, db)
        k.conv2dBackwardInput(conv, IMAGES, dy, w, dx)
        return [dw, db, dx]
      },
    ],
    [
      IMAGES * conv.outHeight * conv.outWidth + 1,
      (k, draw) => {
        const [dw, db, dx] = [weights, conv.filters, IMAGES * image].map(n => k.allocate(n))
        const [x, dy, w] = [IMAGES * image, IMAGES * pooled, weights].map(draw)
        const bytes = k.allocate(IMAGES * pooled)
        const winners = new Uint8Array(bytes.buffer, bytes.byteOffset, IMAGES * pooled)
        for (let i = 0; i < winners.length; i++) winners[i] = [2, 0, NO_WINNER, 3, 1][i % 5]
        k.conv2dReluMaxPool2dBackwardWeights(pool, IMAGES, x, dy, winners, null, dw, db)
        k.conv2dReluMaxPool2dBackwardInput(pool, IMAGES, dy, winners, null, w, dx)
        return [dw, db, dx]
      },
    ],
  ]
}

/** Kernels that add no products, and have the same bits in either numerics. */
const exact: readonly Case[] = [
  (k, draw) => {
    const y = k.allocate(NUMBERS)
    k.relu(NUMBERS, draw(NUMBERS), y)
    return [y]
  },
]

/**
 * Compares kernels with the reference on small products, convolutions and elementwise work: strict ones have to have
 * its bits, and fast ones lie within γₙ·Σ|aₖbₖ| of float64, where n is the number of terms and γₙ = n·2⁻²⁴ / (1 − n·2⁻²⁴).
 *
 * Source: Higham, Accuracy and Stability of Numerical Algorithms, section 3.1
 */
export function agreesWithReference(kernels: Kernels<Float32Array>, numerics: Numerics): boolean {
  // Again, since an engine may run a function once before it has optimised it.
  return agree(kernels, numerics) && agree(kernels, numerics)
}

function agree(kernels: Kernels<Float32Array>, numerics: Numerics): boolean {
  const same = (run: Case) => {
    const expected = run(referenceFloat32, drawFor(referenceFloat32))
    return run(kernels, drawFor(kernels)).every((actual, i) =>
      actual.every((value, j) => Object.is(value, expected[i][j])),
    )
  }
  const close = (terms: number, run: Case) => {
    const gamma = (terms * 2 ** -24) / (1 - terms * 2 ** -24)
    const exact = run(referenceFloat64, drawFor(referenceFloat64))
    const magnitude = run(referenceFloat64, drawFor(referenceFloat64, Math.abs))
    return run(kernels, drawFor(kernels)).every((actual, i) =>
      actual.every((value, j) => Math.abs(value - exact[i][j]) <= gamma * magnitude[i][j]),
    )
  }
  return (
    exact.every(same) && sums.every(([terms, run]) => (numerics === 'fast' ? close(terms, run) : same(run)))
  )
}

/** Draws from −1 … 1, the same float32 numbers for every set of kernels. */
function drawFor<A extends Real>(kernels: Kernels<A>, change = (x: number) => x): (length: number) => A {
  const next = random('self-test')
  return length => {
    const drawn = kernels.allocate(length)
    for (let i = 0; i < length; i++) drawn[i] = change(Math.fround(2 * next() - 1))
    return drawn
  }
}
