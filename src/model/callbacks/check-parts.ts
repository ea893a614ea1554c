import { ResumeError } from '../../errors.ts'
import { is, type Schema } from '../../schema.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { WeightShape } from '../weights.ts'

/**
 * Refuses a state that is not made as a callback's `getState` makes it, as a damaged file may have one.
 * @throws ResumeError listing the parts that are something else
 */
export function checkParts(owner: string, state: unknown, schema: Schema): void {
  const wrong: string[] = []
  schema(state, owner, problem => wrong.push(problem))
  if (wrong.length > 0) throw new ResumeError(owner, wrong)
}

/** An array of finite numbers for each of a model's weights, in the order of `getWeights`: what a callback may set again. */
export const copiesOf = (weights: readonly WeightShape[]): Schema =>
  is(
    "an array of finite numbers for each of the model's weights",
    value =>
      Array.isArray(value) &&
      value.length === weights.length &&
      weights.every(({ shape }, i) => {
        const array: unknown = value[i]
        return array instanceof Float32Array && array.length === sizeOf(shape) && array.every(Number.isFinite)
      }),
  )
