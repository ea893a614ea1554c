import type { Conv2DGeometry, Kernels } from '../kernels/kernels.ts'
import { checkOptions, flag, pair, wholeNumber } from '../options.ts'
import { type Initializer, type InitializerName, initializer, zeros } from '../tensor/initializers.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import { Activation, type ActivationName, activationName } from './activation.ts'
import type { Layer, LayerOptions, Memory, Needs, Step } from './layer.ts'
import { type Padding, padding, windowGeometry } from './window.ts'

/** Options of {@link Conv2D}. */
export interface Conv2DOptions extends LayerOptions {
  /** Channels of the output. */
  readonly filters: number
  /** Height and width of the kernel, or one number for both. */
  readonly kernelSize: number | readonly [number, number]
  /** Default 1. */
  readonly strides?: number | readonly [number, number]
  /** Default 'valid'. */
  readonly padding?: Padding
  /** Default 'linear'. */
  readonly activation?: ActivationName
  /** Default true. */
  readonly useBias?: boolean
  /** Default 'glorotUniform'. Biases start at zero. */
  readonly kernelInitializer?: InitializerName | Initializer
}

/**
 * Slides `filters` kernels over an image.
 *
 * - y[oh,ow,f] = activation(b[f] + Σ x[oh·s + kh − p, ow·s + kw − p, c] · w[kh,kw,c,f]) over kh, kw, c
 * - dw[kh,kw,c,f] = Σ x[oh·s + kh − p, ow·s + kw − p, c] · dy[oh,ow,f] over rows, oh, ow; db[f] = Σ dy[oh,ow,f]
 * - dx[h,w,c] = Σ dy[(h + p − kh) / s, (w + p − kw) / s, f] · w[kh,kw,c,f] over kh, kw, f
 *
 * Input: [height, width, channels]. Output: [outHeight, outWidth, filters].
 * Parameters: kernel [kernelHeight, kernelWidth, channels, filters], bias [filters].
 * Source: https://keras.io/api/layers/convolution_layers/convolution2d/
 *
 * @throws OptionError for sizes that are no whole numbers of at least 1
 * @throws ShapeError when built on an image smaller than the kernel
 * @example new Conv2D({ filters: 32, kernelSize: 3, activation: 'relu' }) // (28, 28, 1) → (26, 26, 32)
 */
export class Conv2D implements Layer {
  readonly type = 'Conv2D'
  readonly name: string | undefined
  readonly config
  readonly #kernelInitializer: Initializer

  constructor(options: Conv2DOptions) {
    checkOptions('Conv2D', options, [
      'filters',
      'kernelSize',
      'strides',
      'padding',
      'activation',
      'useBias',
      'kernelInitializer',
      'name',
    ])
    const { kernelInitializer = 'glorotUniform' } = options
    this.name = options.name
    this.#kernelInitializer = initializer('Conv2D', 'kernelInitializer', kernelInitializer)
    this.config = {
      filters: wholeNumber('Conv2D', 'filters', options.filters, { min: 1 }),
      kernelSize: pair('Conv2D', 'kernelSize', options.kernelSize),
      strides: pair('Conv2D', 'strides', options.strides ?? 1),
      padding: padding('Conv2D', options.padding ?? 'valid'),
      activation: activationName('Conv2D', options.activation ?? 'linear'),
      useBias: flag('Conv2D', 'useBias', options.useBias ?? true),
      kernelInitializer: typeof kernelInitializer === 'string' ? kernelInitializer : 'custom',
    }
  }

  parts(): readonly Layer[] {
    const { activation, ...options } = this.config
    if (activation === 'linear') return [this]
    return [
      new Conv2D({ ...options, kernelInitializer: this.#kernelInitializer }),
      new Activation({ activation }),
    ]
  }

  outputShape(input: Shape): Shape {
    const { outHeight, outWidth, filters } = this.geometry(input)
    return [outHeight, outWidth, filters]
  }

  needs(input: Shape): Needs {
    const g = this.geometry(input)
    const kernel = {
      shape: [g.kernelHeight, g.kernelWidth, g.channels, g.filters],
      initializer: this.#kernelInitializer,
    }
    const bias = { shape: [g.filters], initializer: zeros }
    return {
      parameters: this.config.useBias ? { kernel, bias } : { kernel },
      backwardReads: 'input',
      multiplyAdds: g.outHeight * g.outWidth * sizeOf(kernel.shape),
    }
  }

  bind<A extends Real>(kernels: Kernels<A>, { inputShape, parameters }: Memory<A>): Step<A> {
    const g = this.geometry(inputShape)
    const kernel = parameters.kernel!
    const bias = parameters.bias
    return {
      forward: (rows, x, y) => kernels.conv2d(g, rows, x, kernel.value, bias?.value ?? null, y),
      backward: (rows, x, _y, dy, dx) => {
        kernels.conv2dBackwardWeights(g, rows, x, dy, kernel.gradient, bias?.gradient ?? null)
        if (dx) kernels.conv2dBackwardInput(g, rows, dy, kernel.value, dx)
      },
    }
  }

  /** What the kernels are told for an input of this shape. */
  geometry(input: Shape): Conv2DGeometry {
    const { kernelSize: kernel, strides, padding, filters } = this.config
    return { ...windowGeometry(this.name ?? 'Conv2D', input, { kernel, strides, padding }), filters }
  }
}
