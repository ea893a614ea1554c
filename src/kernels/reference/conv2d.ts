import type { Real } from '../../tensor/tensor.ts'
import { type Arithmetic, type Conv2DGeometry, imagesPerShard, type Kernels } from '../kernels.ts'
import { startAtBias } from './dense.ts'
import type { Gemm } from './gemm.ts'

type ConvKernels<A extends Real> = Pick<
  Kernels<A>,
  'conv2d' | 'conv2dBackwardWeights' | 'conv2dBackwardInput'
>

/**
 * A convolution as matrix products over one row of output pixels at a time: the pixels that each output sees are
 * gathered as a row of `patches` [OW, KH·KW·C], which is short enough to stay in the cache.
 */
export function convKernels<A extends Real>(
  { round }: Arithmetic,
  gemm: Gemm<A>,
  allocate: (length: number) => A,
): ConvKernels<A> {
  let patches = allocate(0)
  let shard = allocate(0)

  return {
    conv2d(g, rows, x, w, b, y) {
      const { outWidth, filters } = g
      const depth = g.kernelHeight * g.kernelWidth * g.channels
      if (patches.length < outWidth * depth) patches = allocate(outWidth * depth)
      startAtBias(rows * g.outHeight * outWidth, filters, b, y)
      for (let n = 0; n < rows; n++) {
        for (let oh = 0; oh < g.outHeight; oh++) {
          gatherPatches(g, x, n, oh, patches)
          const out = (n * g.outHeight + oh) * outWidth * filters
          gemm(outWidth, filters, depth, patches, 0, depth, 1, w, 0, filters, 1, y, out, filters)
        }
      }
    },

    conv2dBackwardWeights(g, rows, x, dy, dw, db) {
      const { outWidth, filters } = g
      const depth = g.kernelHeight * g.kernelWidth * g.channels
      const weights = depth * filters
      if (patches.length < outWidth * depth) patches = allocate(outWidth * depth)
      if (shard.length < weights + filters) shard = allocate(weights + filters)
      dw.fill(0, 0, weights)
      db?.fill(0, 0, filters)
      const step = imagesPerShard(g)
      for (let from = 0; from < rows; from += step) {
        shard.fill(0)
        for (let n = from; n < Math.min(rows, from + step); n++) {
          for (let oh = 0; oh < g.outHeight; oh++) {
            gatherPatches(g, x, n, oh, patches)
            const out = (n * g.outHeight + oh) * outWidth * filters
            gemm(depth, filters, outWidth, patches, 0, 1, depth, dy, out, filters, 1, shard, 0, filters)
            for (let i = out; i < out + outWidth * filters; i += filters) {
              for (let f = 0; f < filters; f++) shard[weights + f] = round(shard[weights + f] + dy[i + f])
            }
          }
        }
        for (let i = 0; i < weights; i++) dw[i] = round(dw[i] + shard[i])
        if (db) for (let f = 0; f < filters; f++) db[f] = round(db[f] + shard[weights + f])
      }
    },

    conv2dBackwardInput(g, rows, dy, w, dx) {
      const { height, width, channels, filters, strideWidth } = g
      dx.fill(0, 0, rows * height * width * channels)
      for (let n = 0; n < rows; n++) {
        for (let h = 0; h < height; h++) {
          for (let kh = 0; kh < g.kernelHeight; kh++) {
            const oh = (h + g.padTop - kh) / g.strideHeight
            if (oh < 0 || oh >= g.outHeight || !Number.isInteger(oh)) continue
            for (let kw = 0; kw < g.kernelWidth; kw++) {
              // The outputs [first, last] of this row that see the image, rather than its padding, through kw.
              const shift = kw - g.padLeft
              const first = Math.max(0, Math.ceil(-shift / strideWidth))
              const last = Math.min(g.outWidth - 1, Math.floor((width - 1 - shift) / strideWidth))
              const from = ((n * g.outHeight + oh) * g.outWidth + first) * filters
              const to = ((n * height + h) * width + first * strideWidth + shift) * channels
              const tap = (kh * g.kernelWidth + kw) * channels * filters
              const pixel = strideWidth * channels
              gemm(
                last - first + 1,
                channels,
                filters,
                dy,
                from,
                filters,
                1,
                w,
                tap,
                1,
                filters,
                dx,
                to,
                pixel,
              )
            }
          }
        }
      }
    },
  }
}

/** patches[ow, kh, kw, c] = the pixel under the kernel for output row `oh` of image `n`, 0 in the padding. */
function gatherPatches<A extends Real>(g: Conv2DGeometry, x: A, n: number, oh: number, patches: A): void {
  const { height, channels, kernelHeight, strideHeight, strideWidth, padTop, padLeft, outWidth } = g
  // A row of pixels, and the part of it under a row of the kernel, as stretches of numbers.
  const rowLength = g.width * channels
  const stretch = g.kernelWidth * channels
  let to = 0
  for (let ow = 0; ow < outWidth; ow++) {
    const left = (ow * strideWidth - padLeft) * channels
    for (let kh = 0; kh < kernelHeight; kh++) {
      const h = oh * strideHeight + kh - padTop
      const row = (n * height + h) * rowLength
      const end = h >= 0 && h < height ? rowLength : 0
      for (let i = left; i < left + stretch; i++) patches[to++] = i >= 0 && i < end ? x[row + i] : 0
    }
  }
}
