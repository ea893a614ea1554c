import type { Tensor } from '../tensor/tensor.ts'

/** What the numbers of a confusion matrix are. */
export type ConfusionUnit =
  | 'samples'
  | 'share of true class'
  | 'share of predicted class'
  | 'share of samples'

/** The shares of a perfect model are 0 and 1, and look like counts: so it is kept which matrices were made of shares. */
const known = new WeakMap<Tensor<Float64Array>, ConfusionUnit>()

/** Keeps of what a matrix has the shares. */
export function markShares(matrix: Tensor<Float64Array>, unit: ConfusionUnit): void {
  known.set(matrix, unit)
}

/** What a matrix was made of where that is known, otherwise what its numbers look like. */
export function confusionUnit(matrix: Tensor<Float64Array>): ConfusionUnit {
  return known.get(matrix) ?? guess(matrix)
}

/** The digits behind the point that such numbers are printed with. */
export const digitsOf = (unit: ConfusionUnit): number => (unit === 'samples' ? 0 : 2)

function guess(matrix: Tensor<Float64Array>): ConfusionUnit {
  const each = Array.from({ length: matrix.shape[0] }, (_, i) => i)
  const rows = each.map(i => each.map(j => matrix.get(i, j)))
  const columns = each.map(j => each.map(i => matrix.get(i, j)))
  if (rows.flat().every(Number.isInteger)) return 'samples'
  if (rows.every(isWhole)) return 'share of true class'
  return columns.every(isWhole) ? 'share of predicted class' : 'share of samples'
}

/** Whether shares are those of all samples of a class, of which there may be none. */
function isWhole(shares: readonly number[]): boolean {
  const sum = shares.reduce((total, share) => total + share, 0)
  return sum === 0 || Math.abs(sum - 1) < 1e-6
}
