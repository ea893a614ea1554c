import { NonFiniteWeightError } from '../errors.ts'
import type { Sequential } from '../model/sequential.ts'
import type { Real } from '../tensor/tensor.ts'

/** Options of what writes a model, or reads one. */
export interface NonFiniteOptions {
  /** Whether weights that are NaN or infinite are taken as they are. Default false: they are refused. */
  readonly allowNonFinite?: boolean
}

/**
 * Refuses a model whose training has failed, so that it does not take a good one's place unnoticed.
 *
 * @param owner who refuses it, for the error: `saveModel`
 * @throws NonFiniteWeightError naming the first weight that is not finite
 */
export function checkFiniteWeights(owner: string, model: Sequential): void {
  const paths = model.weightPaths
  for (const [i, { data }] of model.getWeights().entries()) checkFinite(owner, paths[i], data)
}

/** The same for one weight. */
export function checkFinite(owner: string, path: string, values: Real): void {
  const index = values.findIndex(value => !Number.isFinite(value))
  if (index >= 0) throw new NonFiniteWeightError(owner, path, index, values[index])
}
