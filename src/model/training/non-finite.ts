import type { NonFiniteWeight } from '../../errors.ts'
import type { Pass } from '../../layers/layer.ts'
import { type Shape, sizeOf } from '../../tensor/shape.ts'
import type { Real } from '../../tensor/tensor.ts'
import type { Network } from '../plan/network.ts'
import type { Plan } from '../plan/plan.ts'

/** Where the first number that is not finite stands. */
export interface Culprit {
  readonly layer: string
  readonly what: string
  /** Whether it is a weight, which an earlier update has ruined. */
  readonly isWeight: boolean
}

/**
 * Runs a batch again, step by step, to find the first array that holds NaN or an infinity: the input, a parameter, or a
 * layer's output.
 *
 * @param plan an unfused one, with the batch in its input
 */
export function findNonFinite<A extends Real>(
  network: Network<A>,
  plan: Plan<A>,
  rows: number,
  pass: Pass,
): Culprit {
  const size = (shape: Shape) => rows * sizeOf(shape)
  if (!allFinite(plan.input, 0, size(network.inputShape))) {
    return { layer: 'input', what: 'the input x', isWeight: false }
  }
  for (const [k, { owner, step, x, y }] of plan.steps.entries()) {
    const weight = findNonFiniteWeight(network, k)
    if (weight) return weight
    step.forward(rows, x, y, pass)
    if (!allFinite(y, 0, size(network.links[k].outputShape))) {
      return { layer: owner, what: `the output of layer ${owner}`, isWeight: false }
    }
  }
  return { layer: 'loss', what: 'the loss alone', isWeight: false }
}

/** Finds a weight that is NaN or infinite, in one link or in any. */
export function findNonFiniteWeight<A extends Real>(network: Network<A>, only?: number): Culprit | null {
  for (const { link, path, offset, size } of network.placed) {
    if ((only === undefined || link === only) && !allFinite(network.values, offset, size)) {
      return { layer: network.links[link].owner, what: `the parameter ${path}`, isWeight: true }
    }
  }
  return null
}

/** What of an array is NaN or infinite; null where nothing is. */
export function nonFinite(weight: string, values: Real): NonFiniteWeight | null {
  const index = values.findIndex(value => !Number.isFinite(value))
  if (index < 0) return null
  let count = 1
  for (let i = index + 1; i < values.length; i++) if (!Number.isFinite(values[i])) count++
  return { weight, count, index, value: values[index] }
}

function allFinite(array: Real, offset: number, length: number): boolean {
  for (let i = offset; i < offset + length; i++) if (!Number.isFinite(array[i])) return false
  return true
}
