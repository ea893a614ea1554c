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
  const scaleOf = (mask: Mask | null) => (mask ? round(1 / (1 - mask.rate)) : 1)

  /** map = the gradient of the pixels: that of its cell for each winner, and 0 for the others. */
  const unpool = (
    g: Conv2DReluPoolGeometry,
    rows: number,
    dy: A,
    winners: Uint8Array,
    mask: Mask | null,
  ): void => {
    map.fill(0, 0, reserveMap(g, rows))
    const scale = scaleOf(mask)
    forEachWinner(g, 0, rows, winners, (n, oh, ow, f, cell) => {
      map[((n * g.outHeight + oh) * g.outWidth + ow) * g.filters + f] = round(dy[cell] * scale)
    })
  }

  return {
    conv2dReluMaxPool2d(g, rows, x, w, b, y, winners, mask) {
      const pixels = reserveMap(g, rows)
      const cells = rows * g.pooledHeight * g.pooledWidth * g.filters
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
      const scale = scaleOf(mask)
      const step = imagesPerShard(g)
      for (let from = 0; from < rows; from += step) {
        shard.fill(0)
        forEachWinner(g, from, Math.min(rows, from + step), winners, (n, oh, ow, f, cell) => {
          const gradient = round(dy[cell] * scale)
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
        })
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

/** The pooling over the map of the convolution. */
function poolOf(g: Conv2DReluPoolGeometry): WindowGeometry {
  return {
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
}

/** Goes through the cells of the images `from` … `to − 1` in row-major order, and tells the pixel that won each. */
function forEachWinner(
  g: Conv2DReluPoolGeometry,
  from: number,
  to: number,
  winners: Uint8Array,
  visit: (n: number, oh: number, ow: number, f: number, cell: number) => void,
): void {
  let cell = from * g.pooledHeight * g.pooledWidth * g.filters
  for (let n = from; n < to; n++) {
    for (let ph = 0; ph < g.pooledHeight; ph++) {
      for (let pw = 0; pw < g.pooledWidth; pw++) {
        for (let f = 0; f < g.filters; f++, cell++) {
          const winner = winners[cell]
          if (winner === NO_WINNER) continue
          const oh = ph * g.poolHeight + Math.floor(winner / g.poolWidth)
          const ow = pw * g.poolWidth + (winner % g.poolWidth)
          visit(n, oh, ow, f, cell)
        }
      }
    }
  }
}
