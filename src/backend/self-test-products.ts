import { type Conv2DGeometry, type Conv2DReluPoolGeometry, type Mask, NO_WINNER } from '../kernels/kernels.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Case, Draws, KernelName } from './self-test-case.ts'

/* Lengths are no multiples of any tile. */

const dense = { inputs: 21, units: 37 }
/** A row alone is not multiplied as several are. */
const ROWS = [1, 13]
const IMAGES = 2

const sameSize = {
  ...{ kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, padTop: 1, padLeft: 1 },
  ...{ height: 5, width: 4, outHeight: 5, outWidth: 4 },
}
const edges: Conv2DGeometry = { ...sameSize, channels: 5, filters: 19 }
/** Gradients of its weights follow windows of 2×2. */
const shallow: Conv2DGeometry = { ...sameSize, channels: 1, filters: 20 }
/** Deep enough for Winograd's algorithm, with tiles that hang over. */
const deep: Conv2DGeometry = { ...sameSize, channels: 16, filters: 16 }

const mask: Mask = { rate: 0.3, key: { layer: 2, step: 5 } }
const fused: readonly Conv2DReluPoolGeometry[] = [under(edges, 3, 2), under(shallow, 2, 2), under(deep, 2, 2)]

type ProductName = Extract<KernelName, `dense${string}` | `conv2d${string}`>

/** The cases of the kernels that add up products. */
export const products: { readonly [Name in ProductName]: readonly Case<Name>[] } = {
  dense: ROWS.map(rows => ({
    terms: dense.inputs + 1,
    run(kernel, { reals }) {
      const [x, w, b] = [reals(rows * dense.inputs), reals(dense.inputs * dense.units), reals(dense.units)]
      const y = reals(rows * dense.units)
      kernel(dense, rows, x, w, b, y)
      return [y]
    },
  })),
  denseBackwardWeights: ROWS.map(rows => ({
    terms: rows,
    run(kernel, { reals }) {
      const [x, dy] = [reals(rows * dense.inputs), reals(rows * dense.units)]
      const [dw, db] = [reals(dense.inputs * dense.units), reals(dense.units)]
      kernel(dense, rows, x, dy, dw, db)
      return [dw, db]
    },
  })),
  denseBackwardInput: ROWS.map(rows => ({
    terms: dense.units,
    run(kernel, { reals }) {
      const [dy, w] = [reals(rows * dense.units), reals(dense.inputs * dense.units)]
      const dx = reals(rows * dense.inputs)
      kernel(dense, rows, dy, w, dx)
      return [dx]
    },
  })),

  conv2d: [edges, deep].map(g => ({
    terms: tapsOf(g) + 1,
    run(kernel, { reals }) {
      const [x, w, b] = [reals(imagesOf(g)), reals(weightsOf(g)), reals(g.filters)]
      const y = reals(mapsOf(g))
      kernel(g, IMAGES, x, w, b, y)
      return [y]
    },
  })),
  conv2dBackwardWeights: [edges, deep].map(g => ({
    terms: termsOfWeight(g),
    run(kernel, { reals }) {
      const [x, dy] = [reals(imagesOf(g)), reals(mapsOf(g))]
      const [dw, db] = [reals(weightsOf(g)), reals(g.filters)]
      kernel(g, IMAGES, x, dy, dw, db)
      return [dw, db]
    },
  })),
  conv2dBackwardInput: [edges, deep].map(g => ({
    terms: termsOfInput(g),
    run(kernel, { reals }) {
      const [dy, w, dx] = [reals(mapsOf(g)), reals(weightsOf(g)), reals(imagesOf(g))]
      kernel(g, IMAGES, dy, w, dx)
      return [dx]
    },
  })),

  // A mask's scale is a factor more, and rounded itself.
  conv2dReluMaxPool2d: fused.flatMap(g =>
    [null, mask].flatMap(mask =>
      [true, false].map(keepsWinners => ({
        terms: tapsOf(g) + 3,
        run(kernel, { reals, integers }) {
          const [x, w, b] = [reals(imagesOf(g)), reals(weightsOf(g)), reals(g.filters)]
          const [y, winners] = [reals(cellsOf(g)), integers(Uint8Array, cellsOf(g), 256)]
          kernel(g, IMAGES, x, w, b, y, keepsWinners ? winners : null, mask)
          return [y, winners]
        },
      })),
    ),
  ),
  conv2dReluMaxPool2dBackwardWeights: fused.map(g => ({
    terms: termsOfWeight(g) + 2,
    run(kernel, draws) {
      const [x, dy] = [draws.reals(imagesOf(g)), draws.reals(cellsOf(g))]
      const [dw, db] = [draws.reals(weightsOf(g)), draws.reals(g.filters)]
      kernel(g, IMAGES, x, dy, drawWinners(g, draws), mask, dw, db)
      return [dw, db]
    },
  })),
  conv2dReluMaxPool2dBackwardInput: fused.map(g => ({
    terms: termsOfInput(g) + 2,
    run(kernel, draws) {
      const [dy, w, dx] = [draws.reals(cellsOf(g)), draws.reals(weightsOf(g)), draws.reals(imagesOf(g))]
      kernel(g, IMAGES, dy, drawWinners(g, draws), mask, w, dx)
      return [dx]
    },
  })),
}

/** The same convolution under windows of so many pixels. */
function under(g: Conv2DGeometry, poolHeight: number, poolWidth: number): Conv2DReluPoolGeometry {
  const pooledHeight = Math.floor(g.outHeight / poolHeight)
  return { ...g, poolHeight, poolWidth, pooledHeight, pooledWidth: Math.floor(g.outWidth / poolWidth) }
}

/** Some of each pixel of a window, and of none. */
function drawWinners<A extends Real>(g: Conv2DReluPoolGeometry, { integers }: Draws<A>): Uint8Array {
  const pixels = g.poolHeight * g.poolWidth
  const winners = integers(Uint8Array, cellsOf(g), pixels + 1)
  for (let i = 0; i < winners.length; i++) if (winners[i] === pixels) winners[i] = NO_WINNER
  return winners
}

function tapsOf(g: Conv2DGeometry): number {
  return g.kernelHeight * g.kernelWidth * g.channels
}

function weightsOf(g: Conv2DGeometry): number {
  return tapsOf(g) * g.filters
}

function imagesOf(g: Conv2DGeometry): number {
  return IMAGES * g.height * g.width * g.channels
}

function mapsOf(g: Conv2DGeometry): number {
  return IMAGES * g.outHeight * g.outWidth * g.filters
}

function cellsOf(g: Conv2DReluPoolGeometry): number {
  return IMAGES * g.pooledHeight * g.pooledWidth * g.filters
}

/** With the addition of the only shard to 0. */
function termsOfWeight(g: Conv2DGeometry): number {
  return IMAGES * g.outHeight * g.outWidth + 1
}

function termsOfInput(g: Conv2DGeometry): number {
  return g.kernelHeight * g.kernelWidth * g.filters
}
