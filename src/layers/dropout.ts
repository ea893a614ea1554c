import type { Kernels, Mask } from '../kernels/kernels.ts'
import { checkOptions, fraction, wholeNumber } from '../options.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Layer, LayerOptions, Memory, Needs, Pass, Step } from './layer.ts'

/** Options of {@link Dropout}. */
export interface DropoutOptions extends LayerOptions {
  /** The share of elements that is dropped: at least 0, below 1. */
  readonly rate: number
  /** Seeds this layer's masks. Default null: the seed of `fit` and the layer's place in the model. */
  readonly seed?: number | null
}

/**
 * Drops elements at random while training, and scales the others up, so that the expected output is the input. Does
 * nothing when predicting.
 *
 * - y = x·m / (1 − rate), m = 0 with probability `rate`, else 1; dx = dy·m / (1 − rate)
 *
 * A mask is a function of the seed, the step and the element, so it is drawn again for the backward pass rather than
 * kept.
 *
 * Input and output: any shape, the same. Source: Srivastava et al. (2014),
 * https://keras.io/api/layers/regularization_layers/dropout/
 *
 * @throws OptionError for a rate outside [0, 1)
 * @example new Dropout({ rate: 0.17 })
 */
export class Dropout implements Layer {
  readonly type = 'Dropout'
  readonly name: string | undefined
  readonly config: { readonly rate: number; readonly seed: number | null }

  constructor(options: DropoutOptions) {
    checkOptions('Dropout', options, ['rate', 'seed', 'name'])
    const { seed = null } = options
    this.name = options.name
    this.config = {
      rate: fraction('Dropout', 'rate', options.rate),
      seed: seed === null ? null : wholeNumber('Dropout', 'seed', seed, { min: 0 }),
    }
  }

  outputShape(input: Shape): Shape {
    return input
  }

  needs(): Needs {
    return { backwardReads: 'neither', inPlace: 'overwrite' }
  }

  bind<A extends Real>(kernels: Kernels<A>, { inputShape, index }: Memory<A>): Step<A> {
    const { rate } = this.config
    const size = sizeOf(inputShape)
    const maskOf = this.masks(index)
    const mask = (rows: number, from: A, to: A, pass: Pass) => {
      kernels.dropout(rows * size, rate, maskOf(pass).key, from, to)
    }
    const copy = (rows: number, from: A, to: A) => {
      if (from !== to) for (let i = 0; i < rows * size; i++) to[i] = from[i]
    }
    return {
      forward(rows, x, y, pass) {
        if (pass.training && rate > 0) mask(rows, x, y, pass)
        else copy(rows, x, y)
      },
      backward(rows, _x, _y, dy, dx, pass) {
        if (!dx) return
        if (rate > 0) mask(rows, dy, dx, pass)
        else copy(rows, dy, dx)
      },
    }
  }

  /** The mask of each pass, for the layer at this place in its model. It is one object, which the next call changes. */
  masks(index: number): (pass: Pass) => Mask {
    const { rate, seed } = this.config
    const key = { layer: 0, step: 0 }
    const mask = { rate, key }
    return pass => {
      key.layer = streamOf(seed ?? pass.seed) + (seed === null ? index : 0)
      key.step = pass.step
      return mask
    }
  }
}

/** 32 bits that tell seeds of up to 53 bits apart. */
function streamOf(seed: number): number {
  return Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b)
}
