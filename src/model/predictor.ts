import { sizeOf } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import { inference } from './evaluator.ts'
import type { Network } from './plan/network.ts'
import type { Plan } from './plan/plan.ts'
import type { RowData } from './rows.ts'

/** Computes a model's output for rows of input. */
export class Predictor<A extends Real> {
  readonly #plan: Plan<A>
  readonly #outputSize: number

  constructor(network: Network<A>, maxRows: number) {
    this.#plan = network.inferencePlan(maxRows)
    this.#outputSize = sizeOf(network.outputShape)
  }

  /** The most rows of a batch. */
  get maxRows(): number {
    return this.#plan.maxRows
  }

  /** Gives its memory back. */
  release(): void {
    this.#plan.release()
  }

  /** The outputs of all rows, one behind the other. */
  predict(x: RowData): Float32Array {
    const output = new Float32Array(x.count * this.#outputSize)
    for (let from = 0; from < x.count; from += this.maxRows) {
      const count = Math.min(this.maxRows, x.count - from)
      this.#plan.load(x, null, from, count)
      this.#plan.forward(count, inference)
      output.set(this.#plan.output.subarray(0, count * this.#outputSize), from * this.#outputSize)
    }
    return output
  }
}
