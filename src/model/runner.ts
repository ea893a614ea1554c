import type { Real } from '../tensor/tensor.ts'
import { Evaluator } from './evaluator.ts'
import type { Network } from './network.ts'
import { Objective } from './objective.ts'
import type { Compiled } from './options.ts'
import { Predictor } from './predictor.ts'
import { Trainer } from './trainer.ts'

/** A built network with what runs on it: each made when first asked for, and its plan again for larger batches. */
export class Runner<A extends Real> {
  readonly network: Network<A>
  #trainer: Trainer<A> | null = null
  #evaluator: Evaluator<A> | null = null
  #predictor: Predictor<A> | null = null

  constructor(network: Network<A>) {
    this.network = network
  }

  /** The arrays that the optimiser keeps for each weight; undefined before the first step. */
  get optimizerSlots(): number | undefined {
    return this.#trainer?.steps ? Object.keys(this.#trainer.optimizer.slots).length : undefined
  }

  trainer(compiled: Compiled, rows: number): Trainer<A> {
    this.#trainer ??= new Trainer(this.network, compiled.optimizer, this.#objective(compiled), rows)
    this.#trainer.reserve(rows)
    return this.#trainer
  }

  evaluator(compiled: Compiled, rows: number): Evaluator<A> {
    if (!this.#evaluator || this.#evaluator.maxRows < rows) {
      const evaluator = this.newEvaluator(compiled, rows)
      this.#evaluator?.release()
      this.#evaluator = evaluator
    }
    return this.#evaluator
  }

  /** An evaluator that nobody else uses, for the validation of a `fit` that others may interrupt. */
  newEvaluator(compiled: Compiled, rows: number): Evaluator<A> {
    return new Evaluator(this.network, this.#objective(compiled), rows)
  }

  predictor(rows: number): Predictor<A> {
    if (!this.#predictor || this.#predictor.maxRows < rows) {
      const predictor = new Predictor(this.network, rows)
      this.#predictor?.release()
      this.#predictor = predictor
    }
    return this.#predictor
  }

  /** Drops what the last `compile` decided. */
  recompile(): void {
    this.#trainer?.release()
    this.#evaluator?.release()
    this.#trainer = null
    this.#evaluator = null
  }

  #objective({ loss, metrics }: Compiled): Objective<A> {
    return new Objective(this.network, loss, metrics)
  }
}
