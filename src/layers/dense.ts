import { ShapeError } from '../errors.ts'
import type { DenseGeometry, Kernels } from '../kernels/kernels.ts'
import { checkOptions, flag, wholeNumber } from '../options.ts'
import { type Initializer, type InitializerName, initializer, zeros } from '../tensor/initializers.ts'
import { formatShape, type Shape } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import { Activation, type ActivationName, activationName } from './activation.ts'
import type { Layer, LayerOptions, Memory, Needs, Step } from './layer.ts'

/** Options of {@link Dense}. */
export interface DenseOptions extends LayerOptions {
  /** Elements of the output. */
  readonly units: number
  /** Default 'linear'. */
  readonly activation?: ActivationName
  /** Default true. */
  readonly useBias?: boolean
  /** Default 'glorotUniform'. Biases start at zero. */
  readonly kernelInitializer?: InitializerName | Initializer
}

/**
 * Connects every input with every unit.
 *
 * - y[u] = activation(b[u] + Σᵢ x[i]·w[i,u])
 * - dw[i,u] = Σ x[i]·dy[u] over rows; db[u] = Σ dy[u] over rows; dx[i] = Σᵤ dy[u]·w[i,u]
 *
 * Input: [inputs]; put a Flatten before it for images. Output: [units].
 * Parameters: kernel [inputs, units], bias [units].
 * Source: https://keras.io/api/layers/core_layers/dense/
 *
 * @throws OptionError for units that are no whole number of at least 1
 * @throws ShapeError when built on anything but vectors
 * @example new Dense({ units: 10, activation: 'softmax' }) // (5408,) → (10,)
 */
export class Dense implements Layer {
  readonly type = 'Dense'
  readonly name: string | undefined
  readonly config
  readonly #kernelInitializer: Initializer

  constructor(options: DenseOptions) {
    checkOptions('Dense', options, ['units', 'activation', 'useBias', 'kernelInitializer', 'name'])
    const { kernelInitializer = 'glorotUniform' } = options
    this.name = options.name
    this.#kernelInitializer = initializer('Dense', 'kernelInitializer', kernelInitializer)
    this.config = {
      units: wholeNumber('Dense', 'units', options.units, { min: 1 }),
      activation: activationName('Dense', options.activation ?? 'linear'),
      useBias: flag('Dense', 'useBias', options.useBias ?? true),
      kernelInitializer: typeof kernelInitializer === 'string' ? kernelInitializer : 'custom',
    }
  }

  parts(): readonly Layer[] {
    const { activation, ...options } = this.config
    if (activation === 'linear') return [this]
    return [
      new Dense({ ...options, kernelInitializer: this.#kernelInitializer }),
      new Activation({ activation }),
    ]
  }

  outputShape(input: Shape): Shape {
    return [this.#geometry(input).units]
  }

  needs(input: Shape): Needs {
    const { inputs, units } = this.#geometry(input)
    const kernel = { shape: [inputs, units], initializer: this.#kernelInitializer }
    const bias = { shape: [units], initializer: zeros }
    return {
      parameters: this.config.useBias ? { kernel, bias } : { kernel },
      backwardReads: 'input',
      multiplyAdds: inputs * units,
    }
  }

  bind<A extends Real>(kernels: Kernels<A>, { inputShape, parameters }: Memory<A>): Step<A> {
    const g = this.#geometry(inputShape)
    const kernel = parameters.kernel!
    const bias = parameters.bias
    return {
      forward: (rows, x, y) => kernels.dense(g, rows, x, kernel.value, bias?.value ?? null, y),
      backward: (rows, x, _y, dy, dx) => {
        kernels.denseBackwardWeights(g, rows, x, dy, kernel.gradient, bias?.gradient ?? null)
        if (dx) kernels.denseBackwardInput(g, rows, dy, kernel.value, dx)
      },
    }
  }

  #geometry(input: Shape): DenseGeometry {
    if (input.length !== 1) {
      const found = formatShape(input)
      throw new ShapeError(
        this.name ?? 'Dense',
        `expected vectors, got ${found}: put a Flatten before this layer`,
      )
    }
    return { inputs: input[0], units: this.config.units }
  }
}
