import type { Pass } from '../layers/layer.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Network } from './network.ts'
import type { Plan } from './plan.ts'

/** Where the first number that is not finite stands. */
export interface Culprit {
  readonly layer: string
  readonly what: string
}

/**
 * Runs a batch again, step by step, to find the first array that holds NaN or an infinity: the input, a parameter, or a
 * layer's output.
 *
 * @param plan with the batch in its input
 */
export function findNonFinite<A extends Real>(
  network: Network<A>,
  plan: Plan<A>,
  rows: number,
  pass: Pass,
): Culprit {
  const size = (shape: Shape) => rows * sizeOf(shape)
  if (!allFinite(plan.input, 0, size(network.inputShape))) return { layer: 'input', what: 'the input x' }
  for (const [k, { owner, step, x, y }] of plan.steps.entries()) {
    for (const { link, path, offset, size: length } of network.placed) {
      if (link === k && !allFinite(network.values, offset, length)) {
        return { layer: owner, what: `the parameter ${path}` }
      }
    }
    step.forward(rows, x, y, pass)
    if (!allFinite(y, 0, size(network.links[k].outputShape)))
      return { layer: owner, what: `the output of layer ${owner}` }
  }
  return { layer: 'loss', what: 'the loss alone' }
}

function allFinite(array: Real, offset: number, length: number): boolean {
  for (let i = offset; i < offset + length; i++) if (!Number.isFinite(array[i])) return false
  return true
}
