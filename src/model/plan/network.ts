import { MemoryError } from '../../errors.ts'
import type { Kernels } from '../../kernels/kernels.ts'
import type { Numerics } from '../../kernels/simd/numerics.ts'
import type { Shape } from '../../tensor/shape.ts'
import type { Real } from '../../tensor/tensor.ts'
import { type ChainLink, chain, type NamedLayer } from './chain.ts'
import { fuse } from './fuse.ts'
import type { LayoutOptions } from './layout.ts'
import { initialize, type PlacedParameter, placeParameters } from './parameters.ts'
import { Plan } from './plan.ts'

/** Options of {@link Network}. */
export interface NetworkOptions {
  /** Whether layers that can be computed together are. Default true. */
  readonly fuse?: boolean
  /** How the kernels round. Default 'strict'. */
  readonly numerics?: Numerics
}

/** The numbers of a built model: its weights in one flat array, and the plans that compute with them. */
export class Network<A extends Real> {
  readonly kernels: Kernels<A>
  readonly options: Required<NetworkOptions>
  readonly layers: readonly NamedLayer[]
  readonly inputShape: Shape
  readonly outputShape: Shape
  /** The user's layers, or their parts. */
  readonly links: readonly ChainLink[]
  /** What plans are compiled from: the links, some of them fused. */
  readonly steps: readonly ChainLink[]
  readonly placed: readonly PlacedParameter[]
  readonly values: A
  #gradients: A | null = null

  /** @throws ShapeError naming the layer that does not fit */
  constructor(
    kernels: Kernels<A>,
    layers: readonly NamedLayer[],
    input: Shape,
    seed: number,
    { fuse: fuses = true, numerics = 'strict' }: NetworkOptions = {},
  ) {
    const links = chain(layers, input)
    const { placed, length } = placeParameters(links)
    this.kernels = kernels
    this.options = { fuse: fuses, numerics }
    this.layers = [...layers]
    this.inputShape = input
    this.outputShape = links.at(-1)!.outputShape
    this.links = links
    this.steps = fuses ? fuse(links) : links
    this.placed = placed
    this.values = allocateWeights(kernels, length)
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
    return this.#plan(this.steps, { maxRows })
  }

  /** A plan that predicts, in which no links are fused, so that what lies between them can be looked at. */
  unfusedPlan(maxRows: number): Plan<A> {
    return this.#plan(this.links, { maxRows })
  }

  /** A plan that trains; with `inputGradient` it gives the gradient of its input as well. */
  trainingPlan(maxRows: number, inputGradient = false): Plan<A> {
    return this.#plan(this.steps, { maxRows, training: true, inputGradient })
  }

  /** Takes over the weights of a network that this one extends. */
  copyFrom(before: Network<A>): void {
    const byPath = new Map(this.placed.map(parameter => [parameter.path, parameter]))
    for (const { path, offset, size } of before.placed) {
      const same = byPath.get(path)
      if (same?.size === size) this.values.set(before.values.subarray(offset, offset + size), same.offset)
    }
  }

  #plan(links: readonly ChainLink[], options: Omit<LayoutOptions, 'bytesPerReal'>): Plan<A> {
    const { kernels, placed, values } = this
    const gradients = options.training ? this.gradients : kernels.allocate(0)
    return new Plan({ kernels, links, placed, values }, gradients, options)
  }
}

function allocateWeights<A extends Real>(kernels: Kernels<A>, length: number): A {
  try {
    return kernels.allocate(length)
  } catch (cause) {
    // The reference's arrays are the engine's own, whose error is a RangeError.
    if (!(cause instanceof RangeError)) throw cause
    throw new MemoryError(length * kernels.allocate(0).BYTES_PER_ELEMENT, 0, { cause })
  }
}
