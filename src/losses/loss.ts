import type { Config } from '../config.ts'
import type { Arithmetic } from '../kernels/kernels.ts'
import type { Real } from '../tensor/tensor.ts'

/**
 * What training makes small. A loss is plain arithmetic on one row at a time, value and gradient in sight of each
 * other; the mean over the rows, its sum in float64, is the model's business.
 *
 * @example
 * const meanAbsoluteError: Loss = {
 *   name: 'meanAbsoluteError',
 *   config: {},
 *   target: 'values',
 *   row({ round }, size, row, output, target, dOutput, scale) {
 *     let sum = 0
 *     for (let i = row * size; i < (row + 1) * size; i++) {
 *       const error = round(output[i] - target[i])
 *       sum = round(sum + Math.abs(error))
 *       if (dOutput) dOutput[i] = round((Math.sign(error) * scale) / size)
 *     }
 *     return round(sum / size)
 *   },
 * }
 */
export interface Loss {
  /** In Keras' camelCase: `sparseCategoricalCrossentropy`. */
  readonly name: string
  /** The options that make this loss again, as plain JSON. */
  readonly config: Config
  /** What a row's target is: one class index (`class`), or as many numbers as the output has (`values`). */
  readonly target: 'class' | 'values'
  /** What a row of output must be: one vector with a number for each class, or anything. Default 'any'. */
  readonly output?: 'vector' | 'any'

  /**
   * The loss of one row, and its gradient.
   *
   * @param arithmetic rounds, and has exp and log, in the precision of `output`
   * @param size the elements of a row
   * @param output the model's output; the row starts at `row * size`
   * @param target the row's class at `row`, a whole number from 0 up to `size` that the model has checked; or its values
   *   from `row * size`
   * @param dOutput where given, overwritten from `row * size` with ∂loss/∂output times `scale`
   */
  row<A extends Real>(
    arithmetic: Arithmetic,
    size: number,
    row: number,
    output: A,
    target: A | Int32Array,
    dOutput: A | null,
    scale: number,
  ): number
}
