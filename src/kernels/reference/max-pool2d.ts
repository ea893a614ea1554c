import type { Real } from '../../tensor/tensor.ts'
import type { Arithmetic, Kernels } from '../kernels.ts'

type PoolKernels<A extends Real> = Pick<Kernels<A>, 'maxPool2d' | 'maxPool2dBackward'>

export function poolKernels<A extends Real>({ round }: Arithmetic): PoolKernels<A> {
  return {
    maxPool2d(g, rows, x, y, winners) {
      const { height, width, channels, kernelWidth } = g
      let out = 0
      for (let n = 0; n < rows; n++) {
        for (let oh = 0; oh < g.outHeight; oh++) {
          // The part of the window that lies on the image: rows [top, bottom), columns [left, right).
          const h0 = oh * g.strideHeight - g.padTop
          const top = Math.max(0, h0)
          const bottom = Math.min(height, h0 + g.kernelHeight)
          for (let ow = 0; ow < g.outWidth; ow++) {
            const w0 = ow * g.strideWidth - g.padLeft
            const left = Math.max(0, w0)
            const right = Math.min(width, w0 + kernelWidth)
            const corner = ((n * height + top) * width + left) * channels
            for (let c = 0; c < channels; c++, out++) {
              let best = x[corner + c]
              let winner = (top - h0) * kernelWidth + left - w0
              for (let h = top; h < bottom; h++) {
                for (let w = left; w < right; w++) {
                  const value = x[((n * height + h) * width + w) * channels + c]
                  if (value > best || Number.isNaN(value)) {
                    best = value
                    winner = (h - h0) * kernelWidth + w - w0
                  }
                }
              }
              y[out] = best
              if (winners) winners[out] = winner
            }
          }
        }
      }
    },

    maxPool2dBackward(g, rows, dy, winners, dx) {
      const { height, width, channels, kernelWidth } = g
      dx.fill(0, 0, rows * height * width * channels)
      let out = 0
      for (let n = 0; n < rows; n++) {
        for (let oh = 0; oh < g.outHeight; oh++) {
          for (let ow = 0; ow < g.outWidth; ow++) {
            for (let c = 0; c < channels; c++, out++) {
              const winner = winners[out]
              const h = oh * g.strideHeight - g.padTop + Math.floor(winner / kernelWidth)
              const w = ow * g.strideWidth - g.padLeft + (winner % kernelWidth)
              const i = ((n * height + h) * width + w) * channels + c
              dx[i] = round(dx[i] + dy[out])
            }
          }
        }
      }
    },
  }
}
