import type { Kernels } from '../kernels/kernels.ts'
import type { Shape } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import { type ChainLink, chain, type NamedLayer } from './chain.ts'
import { initialize, type PlacedParameter, placeParameters } from './parameters.ts'
import { Plan } from './plan.ts'

/** The numbers of a built model: its weights in one flat array, and the plans that compute with them. */
export class Network<A extends Real> {
  readonly kernels: Kernels<A>
  readonly inputShape: Shape
  readonly outputShape: Shape
  readonly links: readonly ChainLink[]
  readonly placed: readonly PlacedParameter[]
  readonly values: A
  #gradients: A | null = null

  /** @throws ShapeError naming the layer that does not fit */
  constructor(kernels: Kernels<A>, layers: readonly NamedLayer[], input: Shape, seed: number) {
    const links = chain(layers, input)
    const { placed, length } = placeParameters(links)
    this.kernels = kernels
    this.inputShape = input
    this.outputShape = links.at(-1)!.outputShape
    this.links = links
    this.placed = placed
    this.values = kernels.allocate(length)
    initialize(this.values, placed, seed)
  }

  /** What training plans write their gradients to, parameter for parameter where `values` has its value. */
  get gradients(): A {
    this.#gradients ??= this.kernels.allocate(this.values.length)
    return this.#gradients
  }

  /** The number of weights, without what lies between them. */
  get parameterCount(): number {
    return this.placed.reduce((count, { size }) => count + size, 0)
  }

  /** A plan that predicts. */
  inferencePlan(maxRows: number): Plan<A> {
    return new Plan(this, this.kernels.allocate(0), { maxRows })
  }

  /** A plan that trains; with `inputGradient` it gives the gradient of its input as well. */
  trainingPlan(maxRows: number, inputGradient = false): Plan<A> {
    return new Plan(this, this.gradients, { maxRows, training: true, inputGradient })
  }

  /** Takes over the weights of a network that this one extends. */
  copyFrom(before: Network<A>): void {
    for (const { path, offset, size } of before.placed) {
      const same = this.placed.find(parameter => parameter.path === path && parameter.size === size)
      if (same) this.values.set(before.values.subarray(offset, offset + size), same.offset)
    }
  }
}
