import type { Real } from '../../tensor/tensor.ts'
import { type Arithmetic, BLOCK_INPUTS, type Kernels } from '../kernels.ts'
import type { Gemm } from './gemm.ts'

type DenseKernels<A extends Real> = Pick<Kernels<A>, 'dense' | 'denseBackwardWeights' | 'denseBackwardInput'>

export function denseKernels<A extends Real>(
  { round }: Arithmetic,
  gemm: Gemm<A>,
  allocate: (length: number) => A,
): DenseKernels<A> {
  let block = allocate(0)

  return {
    dense({ inputs, units }, rows, x, w, b, y) {
      if (block.length < rows * units) block = allocate(rows * units)
      startAtBias(rows, units, b, y)
      for (let i = 0; i < inputs; i += BLOCK_INPUTS) {
        const own = Math.min(BLOCK_INPUTS, inputs - i)
        block.fill(0, 0, rows * units)
        gemm(rows, units, own, x, i, inputs, 1, w, i * units, units, 1, block, 0, units)
        for (let j = 0; j < rows * units; j++) y[j] = round(y[j] + block[j])
      }
    },

    denseBackwardWeights({ inputs, units }, rows, x, dy, dw, db) {
      dw.fill(0, 0, inputs * units)
      gemm(inputs, units, rows, x, 0, 1, inputs, dy, 0, units, 1, dw, 0, units)
      if (db) {
        db.fill(0, 0, units)
        for (let i = 0; i < rows * units; i += units) {
          for (let u = 0; u < units; u++) db[u] = round(db[u] + dy[i + u])
        }
      }
    },

    denseBackwardInput({ inputs, units }, rows, dy, w, dx) {
      dx.fill(0, 0, rows * inputs)
      gemm(rows, inputs, units, dy, 0, units, 1, w, 0, 1, units, dx, 0, inputs)
    },
  }
}

/** Every row of y starts its sums at the bias, or at 0. */
export function startAtBias<A extends Real>(rows: number, units: number, b: A | null, y: A): void {
  if (!b) {
    y.fill(0, 0, rows * units)
    return
  }
  for (let i = 0; i < rows * units; i += units) {
    for (let u = 0; u < units; u++) y[i + u] = b[u]
  }
}
