import type { Kernels } from '../kernels/kernels.ts'
import { checkOptions, finite } from '../options.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Layer, LayerOptions, Memory, Needs, Step } from './layer.ts'

/** Options of {@link Rescaling}. */
export interface RescalingOptions extends LayerOptions {
  /** What each number is multiplied by. */
  readonly scale: number
  /** Default 0. */
  readonly offset?: number
}

/**
 * Scales and shifts its input, so that a model takes images as they are: y = x·scale + offset; dx = dy·scale. As a model's
 * first layer it reads bytes as bytes, a quarter of the memory.
 *
 * Input and output: any shape, the same. Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/
 *
 * @throws OptionError for numbers that are not finite
 * @example new Rescaling({ scale: 1 / 255 }) // bytes 0 … 255 → 0 … 1
 */
export class Rescaling implements Layer {
  readonly type = 'Rescaling'
  readonly name: string | undefined
  readonly config: { readonly scale: number; readonly offset: number }

  constructor(options: RescalingOptions) {
    checkOptions('Rescaling', options, ['scale', 'offset', 'name'])
    const { scale, offset = 0 } = options
    this.name = options.name
    this.config = {
      scale: finite('Rescaling', 'scale', scale),
      offset: finite('Rescaling', 'offset', offset),
    }
  }

  outputShape(input: Shape): Shape {
    return input
  }

  needs(): Needs {
    return { backwardReads: 'neither', inPlace: 'overwrite', takesBytes: true }
  }

  bind<A extends Real>(kernels: Kernels<A>, { inputShape }: Memory<A>): Step<A> {
    const { scale, offset } = this.config
    const size = sizeOf(inputShape)
    return {
      forward: (rows, x: A | Uint8Array, y) => kernels.rescale(rows * size, scale, offset, x, y),
      backward: (rows, _x, _y, dy, dx) => dx && kernels.rescale(rows * size, scale, 0, dy, dx),
    }
  }
}
