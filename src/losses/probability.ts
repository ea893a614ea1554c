import type { Arithmetic } from '../kernels/kernels.ts'

/** How near to 0 and 1 a probability may come before its logarithm is taken: Keras' `epsilon()`. */
const EPSILON = 1e-7

/** c = clip(p, 1e-7, 1 − 1e-7), the bounds rounded to the precision at hand. NaN stays NaN: no loss may hide it. */
export function clip({ round }: Arithmetic, p: number): number {
  const low = round(EPSILON)
  const high = round(1 - EPSILON)
  if (p < low) return low
  return p > high ? high : p
}

/** Whether `clip` changes p, so that the gradient ends there. */
export function isClipped({ round }: Arithmetic, p: number): boolean {
  return p < round(EPSILON) || p > round(1 - EPSILON)
}
