import type { Arithmetic } from '../kernels/kernels.ts'
import type { Real } from '../tensor/tensor.ts'

/*
 * The parts of a row's log-softmax: log softmax(x)[j] = (x[j] − max x) − log Σᵢ exp(x[i] − max x). With the maximum
 * taken off, no exp overflows and the sum is at least 1.
 */

/** The largest of `size` logits from `start`. NaN is left for `sumOfExps` to find. */
export function maximum(size: number, start: number, x: Real): number {
  let max = x[start]
  for (let i = start + 1; i < start + size; i++) if (x[i] > max) max = x[i]
  return max
}

/** Σᵢ exp(x[i] − max), a chain from 0. NaN where a logit is NaN or +∞, or all are −∞. */
export function sumOfExps(
  { round, exp }: Arithmetic,
  size: number,
  start: number,
  x: Real,
  max: number,
): number {
  let sum = 0
  for (let i = start; i < start + size; i++) sum = round(sum + exp(round(x[i] - max)))
  return sum
}
