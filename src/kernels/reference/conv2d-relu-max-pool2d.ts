import type { Real } from '../../tensor/tensor.ts'
import {
  type Arithmetic,
  type Conv2DReluPoolGeometry,
  followsWindows,
  imagesPerShard,
  type Kernels,
  type Mask,
  NO_WINNER,
  type WindowGeometry,
} from '../kernels.ts'
import { maskScale } from './mask-word.ts'

type FusedKernels<A extends Real> = Pick<
  Kernels<A>,
  'conv2dReluMaxPool2d' | 'conv2dReluMaxPool2dBackwardWeights' | 'conv2dReluMaxPool2dBackwardInput'
>

type Parts<A extends Real> = Pick<
  Kernels<A>,
  'conv2d' | 'conv2dBackwardWeights' | 'conv2dBackwardInput' | 'relu' | 'maxPool2d' | 'dropout'
>

/** The fused convolution as its parts, one after the other, over a `map` of the pixels that a fast kernel never has. */
export function fusedKernels<A extends Real>(
  { round }: Arithmetic,
  parts: Parts<A>,
  allocate: (length: number) => A,
): FusedKernels<A> {
  let map = allocate(0)
  let shard = allocate(0)
  const reserveMap = (g: Conv2DReluPoolGeometry, rows: number) => {
    const pixels = rows * g.outHeight * g.outWidth * g.filters
    if (map.length < pixels) map = allocate(pixels)
    return pixels
  }

  /** map = the gradient of the pixels: that of its cell for each winner, and 0 for the others. */
  const unpool = (
    g: Conv2DReluPoolGeometry,
    rows: number,
    dy: A,
    winners: Uint8Array,
    mask: Mask | null,
  ): void => {
    map.fill(0, 0, reserveMap(g, rows))
    const scale = round(maskScale(mask))
    for (let cell = 0; cell < rows * cellsOf(g); cell++) {
      if (winners[cell] === NO_WINNER) continue
      map[winningPixel(g, cell, winners[cell]) * g.filters + (cell % g.filters)] = round(dy[cell] * scale)
    }
  }

  return {
    conv2dReluMaxPool2d(g, rows, x, w, b, y, winners, mask) {
      const pixels = reserveMap(g, rows)
      const cells = rows * cellsOf(g)
      parts.conv2d(g, rows, x, w, b, map)
      parts.relu(pixels, map, map)
      parts.maxPool2d(poolOf(g), rows, map, y, winners)
      if (mask) parts.dropout(cells, mask.rate, mask.key, y, y)
      if (winners) for (let i = 0; i < cells; i++) if (!(y[i] > 0)) winners[i] = NO_WINNER
    },

    conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, db) {
      if (!followsWindows(g)) {
        unpool(g, rows, dy, winners, mask)
        parts.conv2dBackwardWeights(g, rows, x, map, dw, db)
        return
      }
      const { height, width, channels, kernelHeight, kernelWidth, filters } = g
      const weights = kernelHeight * kernelWidth * channels * filters
      if (shard.length < weights + filters) shard = allocate(weights + filters)
      dw.fill(0, 0, weights)
      db?.fill(0, 0, filters)
      const scale = round(maskScale(mask))
      const step = imagesPerShard(g)
      for (let from = 0; from < rows; from += step) {
        shard.fill(0)
        for (let cell = from * cellsOf(g); cell < Math.min(rows, from + step) * cellsOf(g); cell++) {
          if (winners[cell] === NO_WINNER) continue
          const gradient = round(dy[cell] * scale)
          const f = cell % filters
          const winner = winningPixel(g, cell, winners[cell])
          const n = Math.floor(winner / (g.outHeight * g.outWidth))
          const oh = Math.floor(winner / g.outWidth) % g.outHeight
          const ow = winner % g.outWidth
          let i = f
          for (let kh = 0; kh < kernelHeight; kh++) {
            const h = oh * g.strideHeight + kh - g.padTop
            for (let kw = 0; kw < kernelWidth; kw++) {
              const w = ow * g.strideWidth + kw - g.padLeft
              const isPadding = h < 0 || h >= height || w < 0 || w >= width
              const pixel = ((n * height + h) * width + w) * channels
              for (let c = 0; c < channels; c++, i += filters) {
                shard[i] = round(shard[i] + round((isPadding ? 0 : x[pixel + c]) * gradient))
              }
            }
          }
          shard[weights + f] = round(shard[weights + f] + gradient)
        }
        for (let i = 0; i < weights; i++) dw[i] = round(dw[i] + shard[i])
        if (db) for (let f = 0; f < filters; f++) db[f] = round(db[f] + shard[weights + f])
      }
    },

    conv2dReluMaxPool2dBackwardInput(g, rows, dy, winners, mask, w, dx) {
      unpool(g, rows, dy, winners, mask)
      parts.conv2dBackwardInput(g, rows, map, w, dx)
    },
  }
}

const pools = new WeakMap<Conv2DReluPoolGeometry, WindowGeometry>()

/** The pooling over the map of the convolution. */
function poolOf(g: Conv2DReluPoolGeometry): WindowGeometry {
  const known = pools.get(g)
  if (known) return known
  const pool = {
    height: g.outHeight,
    width: g.outWidth,
    channels: g.filters,
    kernelHeight: g.poolHeight,
    kernelWidth: g.poolWidth,
    strideHeight: g.poolHeight,
    strideWidth: g.poolWidth,
    padTop: 0,
    padLeft: 0,
    outHeight: g.pooledHeight,
    outWidth: g.pooledWidth,
  }
  pools.set(g, pool)
  return pool
}

/** Cells of one image. */
function cellsOf(g: Conv2DReluPoolGeometry): number {
  return g.pooledHeight * g.pooledWidth * g.filters
}

/** The pixel that won a cell: its place (n·OH + oh)·OW + ow among the pixels of all images. */
function winningPixel(g: Conv2DReluPoolGeometry, cell: number, winner: number): number {
  const window = Math.floor(cell / g.filters)
  const row = Math.floor(window / g.pooledWidth)
  const n = Math.floor(row / g.pooledHeight)
  const oh = (row % g.pooledHeight) * g.poolHeight + Math.floor(winner / g.poolWidth)
  const ow = (window % g.pooledWidth) * g.poolWidth + (winner % g.poolWidth)
  return (n * g.outHeight + oh) * g.outWidth + ow
}
