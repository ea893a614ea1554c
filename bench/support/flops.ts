import type { Conv2DGeometry, Conv2DReluPoolGeometry, DenseGeometry } from '../../src/kernels/kernels.ts'

/*
 * Useful floating-point operations of one row of a batch, a multiplication and an addition being two: those of the
 * definitions in kernels.ts, whatever a kernel does beside them.
 */

/** Of each of a dense layer's three products. */
export const denseFlops = ({ inputs, units }: DenseGeometry): number => 2 * inputs * units

/** Of a convolution, and of its weight gradient over all pixels. What meets padding counts, as it is usually counted. */
export function convFlops(g: Conv2DGeometry): number {
  return 2 * g.outHeight * g.outWidth * patch(g) * g.filters
}

/** Of a convolution's input gradient, whose chains hold only what meets the image. */
export function convInputFlops(g: Conv2DGeometry): number {
  const vertical = meetings(g.height, g.kernelHeight, g.strideHeight, g.padTop, g.outHeight)
  const horizontal = meetings(g.width, g.kernelWidth, g.strideWidth, g.padLeft, g.outWidth)
  return 2 * vertical * horizontal * g.channels * g.filters
}

/** Of a fused convolution: of the pixels that lie in a window of the pooling. */
export function fusedConvFlops(g: Conv2DReluPoolGeometry): number {
  return g.poolHeight * g.poolWidth * winnerFlops(g)
}

/** Of a fused convolution's weight gradient: of the pixels that won. */
export function winnerFlops(g: Conv2DReluPoolGeometry): number {
  return 2 * g.pooledHeight * g.pooledWidth * patch(g) * g.filters
}

/** What an experiment of the notebook is made of. */
export interface NotebookGeometry {
  readonly conv: Conv2DReluPoolGeometry
  readonly hidden: DenseGeometry
  readonly output: DenseGeometry
}

/** Of a whole training step: the first layer needs no input gradient. */
export function stepFlops({ conv, hidden, output }: NotebookGeometry): number {
  return fusedConvFlops(conv) + winnerFlops(conv) + 3 * (denseFlops(hidden) + denseFlops(output))
}

const patch = (g: Conv2DGeometry): number => g.kernelHeight * g.kernelWidth * g.channels

/** Pairs of an output and a kernel's row (or column) that meet a row (or column) of the image. */
function meetings(length: number, kernel: number, stride: number, before: number, outputs: number): number {
  let count = 0
  for (let output = 0; output < outputs; output++) {
    for (let k = 0; k < kernel; k++) {
      const at = output * stride - before + k
      if (at >= 0 && at < length) count++
    }
  }
  return count
}
