import { type NonFiniteWeight, NonFiniteWeightError } from '../errors.ts'
import type { Sequential } from '../model/sequential.ts'
import { nonFinite } from '../model/training/non-finite.ts'
import { flag } from '../options.ts'
import type { Real, Tensor } from '../tensor/tensor.ts'

/** The option that whatever writes weights takes. */
export interface NonFiniteOption {
  /** Whether weights that are NaN or infinite are written rather than refused. Default false. */
  readonly allowNonFinite?: boolean
}

/**
 * Copies of a model's weights by their paths, in the order of `weightPaths`.
 *
 * @param owner who writes them, for the error
 * @throws NonFiniteWeightError unless such weights are allowed
 * @throws StateError while the input shape is unknown
 */
export function exportedWeights(
  owner: string,
  model: Sequential,
  { allowNonFinite = false }: NonFiniteOption,
): Map<string, Tensor> {
  const isAllowed = flag(owner, 'allowNonFinite', allowNonFinite)
  const copies = model.getWeights()
  const weights = new Map(model.weightPaths.map((path, i) => [path, copies[i]]))
  if (!isAllowed) {
    checkFinite(
      owner,
      [...weights].map(([path, { data }]) => [path, data]),
    )
  }
  return weights
}

/** @throws NonFiniteWeightError listing all weights with numbers that are NaN or infinite */
export function checkFinite(owner: string, weights: readonly (readonly [path: string, Real])[]): void {
  const found = weights
    .map(([weight, values]) => nonFinite(weight, values))
    .filter((weight): weight is NonFiniteWeight => weight !== null)
  if (found.length > 0) throw new NonFiniteWeightError(owner, found)
}
