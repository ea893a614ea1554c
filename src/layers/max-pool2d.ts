import type { Kernels, WindowGeometry } from '../kernels/kernels.ts'
import { checkOptions, pair } from '../options.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Layer, LayerOptions, Memory, Needs, Step } from './layer.ts'
import { type Padding, padding, windowGeometry } from './window.ts'

/** Options of {@link MaxPool2D}. */
export interface MaxPool2DOptions extends LayerOptions {
  /** Height and width of the window, or one number for both. Default 2. */
  readonly poolSize?: number | readonly [number, number]
  /** Default: the pool size, so that windows touch and do not overlap. */
  readonly strides?: number | readonly [number, number]
  /** Default 'valid'. */
  readonly padding?: Padding
}

/**
 * Keeps the largest pixel of each window, channel by channel.
 *
 * - y[oh,ow,c] = max x[oh·s + kh − p, ow·s + kw − p, c] over kh, kw; padding never wins
 * - dx = the sum of dy over the windows that the pixel won; ties go to the first pixel in row-major order
 *
 * Input: [height, width, channels]. Output: [outHeight, outWidth, channels].
 * Source: https://keras.io/api/layers/pooling_layers/max_pooling2d/
 *
 * @throws OptionError for sizes that are no whole numbers of at least 1
 * @throws ShapeError when built on an image smaller than the window
 * @example new MaxPool2D({ poolSize: 2 }) // (26, 26, 32) → (13, 13, 32)
 */
export class MaxPool2D implements Layer {
  readonly type = 'MaxPooling2D'
  readonly name: string | undefined
  readonly config

  constructor(options: MaxPool2DOptions = {}) {
    checkOptions('MaxPool2D', options, ['poolSize', 'strides', 'padding', 'name'])
    const poolSize = pair('MaxPool2D', 'poolSize', options.poolSize ?? 2)
    this.name = options.name
    this.config = {
      poolSize,
      strides: pair('MaxPool2D', 'strides', options.strides ?? poolSize),
      padding: padding('MaxPool2D', options.padding ?? 'valid'),
    }
  }

  outputShape(input: Shape): Shape {
    const { outHeight, outWidth, channels } = this.#geometry(input)
    return [outHeight, outWidth, channels]
  }

  needs(input: Shape): Needs {
    const { kernelHeight, kernelWidth } = this.#geometry(input)
    const dtype = kernelHeight * kernelWidth <= 256 ? 'uint8' : 'int32'
    return {
      saved: { winners: { perRow: sizeOf(this.outputShape(input)), dtype } },
      backwardReads: 'neither',
    }
  }

  bind<A extends Real>(kernels: Kernels<A>, { inputShape, saved }: Memory<A>): Step<A> {
    const g = this.#geometry(inputShape)
    const winners = saved.winners as Uint8Array | Int32Array
    return {
      forward: (rows, x, y, pass) => kernels.maxPool2d(g, rows, x, y, pass.training ? winners : null),
      backward: (rows, _x, _y, dy, dx) => dx && kernels.maxPool2dBackward(g, rows, dy, winners, dx),
    }
  }

  #geometry(input: Shape): WindowGeometry {
    const { poolSize: kernel, strides, padding } = this.config
    return windowGeometry(this.name ?? 'MaxPool2D', input, { kernel, strides, padding })
  }
}
