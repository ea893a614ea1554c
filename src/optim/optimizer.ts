import type { Config } from '../config.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Real } from '../tensor/tensor.ts'

/**
 * How gradients change weights. An optimiser describes itself and holds no numbers but its learning rate; `bind` makes
 * the state for one model.
 */
export interface Optimizer {
  /** In lower case, as Keras names it: `adam`. */
  readonly name: string
  /** The options that make this optimiser again, as plain JSON. */
  readonly config: Config
  /** May be changed between steps. */
  learningRate: number

  /** Makes the state for `n` weights, all zero. Arrays that go to the kernels are made by `kernels.allocate`. */
  bind<A extends Real>(kernels: Kernels<A>, n: number): OptimizerState<A>
}

/** An optimiser at work on one model: all its weights in one array. */
export interface OptimizerState<A extends Real> {
  /** Arrays as long as the weights (Adam: `m` and `v`), by name. */
  readonly slots: { readonly [name: string]: A }
  /** Numbers that change with each step (Adam: `beta1Power`, `beta2Power`), by name; assign them to go on from there. */
  readonly scalars: { [name: string]: number }
  /** Changes `values` in place. Creates nothing. */
  step(values: A, gradients: A): void
  /**
   * Says what of a memory, whose slots and scalars are this optimiser's, cannot have come of its steps, so that a damaged one
   * is refused: a sentence for each problem. Numbers that are not finite are found without it. Default: there is none.
   */
  problems?(memory: OptimizerMemory<A>): readonly string[]
}

/** What an optimiser keeps of the steps so far. */
export interface OptimizerMemory<A extends Real = Float32Array> {
  /** Steps taken so far, in all calls together. */
  readonly steps: number
  /** The optimiser's arrays by name (Adam: `m` and `v`), each cut up as the weights are; none before the first step. */
  readonly slots: { readonly [slot: string]: Arrays<A> }
  /** Its numbers by name (Adam: `beta1Power`, `beta2Power`); none before the first step. */
  readonly scalars: { readonly [name: string]: number }
}

/** Arrays by the path of the weight that they are or belong to. */
export type Arrays<A extends Real = Float32Array> = { readonly [path: string]: A }
