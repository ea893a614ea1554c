import type { Config } from '../config.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Initializer } from '../tensor/initializers.ts'
import type { Shape } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'

/** Options that every layer of this library has. */
export interface LayerOptions {
  /** What the model calls the layer, and the files its weights: without slashes. Default: its type, `dense`, `dense_1`, … */
  readonly name?: string
}

/**
 * A layer describes itself and holds no numbers: a model compiles its layers to steps, gives each its memory, and owns
 * the weights. So one layer object may serve several models, and your own layer is written exactly as the built-in
 * ones are; `examples/custom-layer.ts` shows one.
 */
export interface Layer {
  /** The class name as Keras has it (`MaxPooling2D`): in `summary()`, and the stem of default names. */
  readonly type: string
  /** The name that the user chose; a model numbers the others (`dense`, `dense_1`). */
  readonly name?: string | undefined
  /** The options that make this layer again, as plain JSON. */
  readonly config: Config

  /**
   * The layers that this one stands for, where there are several: a Conv2D with an activation is a Conv2D without one
   * and an Activation, the first of which owns the parameters. No two parts may have a parameter of one name.
   */
  parts?(): readonly Layer[]
  /**
   * The shape of one row of output.
   * @throws ShapeError where the input does not fit
   */
  outputShape(input: Shape): Shape
  /** The memory and work that this layer needs for an input of this shape. */
  needs(input: Shape): Needs
  /**
   * Makes the layer's step over memory that has been placed for it. Called once for each compiled plan. Kernels compute with
   * arrays in their own memory only: those that the step is given, and others that `bind` makes by `kernels.allocate` and
   * the step holds. They throw OptionError for a `new Float32Array` of the layer's own.
   */
  bind<A extends Real>(kernels: Kernels<A>, memory: Memory<A>): Step<A>
}

/** Memory and work of a layer: data, so that placement, `summary()` and estimates share it. */
export interface Needs {
  /** Trained arrays, in the order in which `getWeights` gives them. */
  readonly parameters?: { readonly [name: string]: ParameterSpec }
  /** Arrays that `forward` writes and `backward` reads, beside the layer's input and output. */
  readonly saved?: { readonly [name: string]: SavedSpec }
  /** Which of its arrays `backward` reads: memory of the others is used again in between. Default: both. */
  readonly backwardReads?: 'input' | 'output' | 'both' | 'neither'
  /**
   * Whether `forward` works with x and y in the same memory (and `backward` with dy and dx), as elementwise layers do:
   * `overwrite`; or leaves the numbers as they are, as Flatten does: `view`. Default: neither.
   */
  readonly inPlace?: 'overwrite' | 'view'
  /** Whether x may be a Uint8Array, where the layer is a model's first and the data are bytes. Default false. */
  readonly takesBytes?: boolean
  /** Multiplications with an addition that `forward` does for one row. Default 0. */
  readonly multiplyAdds?: number
}

/**
 * Finds a run of layers that one layer can stand for, at the start of the layers that follow one another from an input of
 * this shape. Only the first of a run may have parameters: the fused layer needs the same ones, and is given them; its
 * `index` is the first one's. Geometry alone decides, never the engine, so that a model has the same bits everywhere.
 */
export type Fusion = (
  layers: readonly Layer[],
  input: Shape,
) => { readonly layer: Layer; readonly length: number } | null

/** A trained array that a layer needs. */
export interface ParameterSpec {
  readonly shape: Shape
  readonly initializer: Initializer
}

/** An array that a layer keeps from its forward pass for its backward pass. */
export interface SavedSpec {
  /** Elements for one row of a batch. */
  readonly perRow: number
  readonly dtype: 'real' | 'uint8' | 'int32'
}

/** A trained array and the gradient that `backward` writes for it. */
export interface Parameter<A extends Real> {
  readonly value: A
  readonly gradient: A
}

/** What a layer's step works on. */
export interface Memory<A extends Real> {
  /** The shape of one row of input. */
  readonly inputShape: Shape
  readonly outputShape: Shape
  readonly parameters: { readonly [name: string]: Parameter<A> }
  readonly saved: { readonly [name: string]: A | Uint8Array | Int32Array }
  /** The step's place in its model: tells apart the random streams of two layers of a kind. */
  readonly index: number
}

/** What a pass through the model is: no layer keeps hidden state, so a pass can be run again. */
export interface Pass {
  /** Whether this is training: Dropout drops. */
  readonly training: boolean
  /** Seeds the masks of this pass, together with `step`. */
  readonly seed: number
  /** The optimiser's steps so far. */
  readonly step: number
}

/** A compiled layer. Neither function may create anything: arrays are as long as the plan's largest batch. */
export interface Step<A extends Real> {
  /** Overwrites the first `rows` rows of y. */
  forward(rows: number, x: A, y: A, pass: Pass): void
  /** Overwrites the gradients of the parameters, and `rows` rows of dx where it is wanted. */
  backward(rows: number, x: A, y: A, dy: A, dx: A | null, pass: Pass): void
}
