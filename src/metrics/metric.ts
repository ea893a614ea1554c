import type { Config } from '../config.ts'
import type { Real } from '../tensor/tensor.ts'

/** What a model reports beside its loss. The mean over the rows, its sum in float64, is the model's business. */
export interface Metric {
  /** As it appears in a History: `accuracy`, and `valAccuracy` for validation data. */
  readonly name: string
  /** The options that make this metric again, as plain JSON. Default none. */
  readonly config?: Config

  /**
   * The value for one row.
   *
   * @param size the elements of a row
   * @param output the model's output; the row starts at `row * size`
   * @param target the row's class at `row`, or its values from `row * size`
   * @param kind which of the two the target is: the loss decides it
   */
  row(size: number, row: number, output: Real, target: Real | Int32Array, kind: 'class' | 'values'): number
}
