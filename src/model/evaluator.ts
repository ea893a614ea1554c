import type { Real } from '../tensor/tensor.ts'
import type { Logs } from './logs.ts'
import type { Network } from './plan/network.ts'
import type { Plan } from './plan/plan.ts'
import { gather, type Labelled } from './rows.ts'
import type { Objective } from './training/objective.ts'

/** What a model is when it predicts: no layer drops or keeps anything. */
export const inference = { training: false, seed: 0, step: 0 }

/** Adds up loss and metrics of labelled rows, without training. */
export class Evaluator<A extends Real> {
  readonly objective: Objective<A>
  readonly #plan: Plan<A>
  readonly #target: A | Int32Array

  constructor(network: Network<A>, objective: Objective<A>, maxRows: number) {
    this.objective = objective
    this.#plan = network.inferencePlan(maxRows)
    this.#target = objective.allocateTarget(maxRows)
  }

  /** The most rows of a batch. */
  get maxRows(): number {
    return this.#plan.maxRows
  }

  /** Gives its memory back. */
  release(): void {
    this.#plan.release()
  }

  /** Adds the rows `from` … `from + rows − 1` to the objective. */
  add({ x, y }: Labelled, from: number, rows: number): void {
    this.#plan.load(x, null, from, rows)
    gather(y, null, from, rows, this.#target)
    this.#plan.forward(rows, inference)
    this.objective.add(rows, this.#plan.output, this.#target, null)
  }

  /** Loss and metrics over all rows, in batches as large as may be. */
  evaluate(data: Labelled): Logs {
    const { count } = data.x
    this.objective.reset()
    for (let from = 0; from < count; from += this.maxRows)
      this.add(data, from, Math.min(this.maxRows, count - from))
    return this.objective.report({})
  }
}
