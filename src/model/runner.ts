import type { OptimizerMemory } from '../optim/optimizer.ts'
import { Evaluator } from './evaluator.ts'
import type { Compiled } from './options.ts'
import type { Network } from './plan/network.ts'
import { Predictor } from './predictor.ts'
import { type Architecture, architectureDifferences, architectureOf } from './resuming/architecture.ts'
import { optimizerDifferences } from './resuming/memory-differences.ts'
import type { FitState, TrainingState } from './resuming/training-state.ts'
import { Objective } from './training/objective.ts'
import { Trainer } from './training/trainer.ts'
import { cutUp, putTogether } from './weights.ts'

/** What an optimiser keeps before its first step. */
const nothing: OptimizerMemory = { steps: 0, slots: {}, scalars: {} }

/** Where no `fit` stands. */
export const noFit = { state: null }

/** A built network with what runs on it: each made when first asked for, and its plan again for larger batches. */
export class Runner {
  readonly network: Network<Float32Array>
  /** The last `fit` since `compile`, or the one under way. */
  fit: { readonly state: FitState | null } = noFit
  #trainer: Trainer<Float32Array> | null = null
  #evaluator: Evaluator<Float32Array> | null = null
  #predictor: Predictor<Float32Array> | null = null

  constructor(network: Network<Float32Array>) {
    this.network = network
  }

  /** The arrays that the optimiser keeps for each weight; undefined before the first step. */
  get optimizerSlots(): number | undefined {
    return this.#trainer?.steps ? Object.keys(this.#trainer.optimizer.slots).length : undefined
  }

  trainer(compiled: Compiled, rows: number): Trainer<Float32Array> {
    const trainer = this.#trainerOf(compiled)
    trainer.reserve(rows)
    return trainer
  }

  /** Copies of the weights and of what the optimiser keeps of the steps so far, and where the last `fit` stands. */
  snapshot(compiled: Compiled | null): TrainingState {
    const { placed, values } = this.network
    const architecture = this.#architecture()
    const weights = cutUp(placed, values)
    const { state: fit } = this.fit
    if (!compiled) return { architecture, weights, optimizer: null, fit }
    const { name, config, learningRate } = compiled.optimizer
    const memory = this.#trainer?.steps ? this.#trainer.memory() : nothing
    return { architecture, weights, optimizer: { name, config, learningRate, ...memory }, fit }
  }

  /** What keeps a snapshot from being restored, beside arrays that are not those of the model's weights. */
  differences({ architecture, optimizer }: TrainingState, compiled: Compiled | null): string[] {
    const found = architectureDifferences(architecture, this.#architecture())
    if (!optimizer) return found
    if (!compiled) return [...found, `optimizer was "${optimizer.name}", and the model is not compiled now`]
    const { optimizer: state } = this.#trainerOf(compiled)
    return [...found, ...optimizerDifferences(optimizer, compiled.optimizer, state)]
  }

  /** Takes over a snapshot without differences. */
  restore({ weights, optimizer, fit }: TrainingState, compiled: Compiled | null): void {
    if (compiled && optimizer) {
      compiled.optimizer.learningRate = optimizer.learningRate
      this.#trainerOf(compiled).remember(optimizer)
    } else {
      this.#trainer?.remember(nothing)
    }
    putTogether(this.network.placed, weights, this.network.values)
    this.fit = { state: fit }
  }

  evaluator(compiled: Compiled, rows: number): Evaluator<Float32Array> {
    if (!this.#evaluator || this.#evaluator.maxRows < rows) {
      const evaluator = this.newEvaluator(compiled, rows)
      this.#evaluator?.release()
      this.#evaluator = evaluator
    }
    return this.#evaluator
  }

  /** An evaluator that nobody else uses, for the validation of a `fit` that others may interrupt. */
  newEvaluator(compiled: Compiled, rows: number): Evaluator<Float32Array> {
    return new Evaluator(this.network, this.#objective(compiled), rows)
  }

  predictor(rows: number): Predictor<Float32Array> {
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
    this.fit = noFit
  }

  #architecture(): Architecture {
    const { inputShape, layers } = this.network
    return architectureOf(layers, inputShape)
  }

  #trainerOf(compiled: Compiled): Trainer<Float32Array> {
    this.#trainer ??= new Trainer(this.network, compiled.optimizer, this.#objective(compiled), 0)
    return this.#trainer
  }

  #objective({ loss, metrics }: Compiled): Objective<Float32Array> {
    return new Objective(this.network, loss, metrics)
  }
}
