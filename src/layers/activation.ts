import type { Kernels } from '../kernels/kernels.ts'
import { checkOptions, oneOf } from '../options.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Layer, LayerOptions, Memory, Needs, Step } from './layer.ts'
import { view } from './view.ts'

const names = ['relu', 'sigmoid', 'softmax', 'linear'] as const

/** The activations that layers take by name. */
export type ActivationName = (typeof names)[number]

/** Checks the name of an activation. */
export function activationName(owner: string, given: ActivationName): ActivationName {
  return oneOf(owner, 'activation', given, names)
}

/** Options of {@link Activation}. */
export interface ActivationOptions extends LayerOptions {
  readonly activation: ActivationName
}

/**
 * Applies a function to each element, or for softmax to each vector along the last axis.
 *
 * - `relu`: y = max(x, 0); dx = dy where y > 0, else 0
 * - `sigmoid`: y = 1 / (1 + exp(−x)); dx = dy·y·(1 − y)
 * - `softmax`: y = exp(x − max x) / Σ exp(x − max x); dx = y·(dy − Σ dy·y)
 * - `linear`: y = x; dx = dy
 *
 * Input and output: any shape, the same. Source: https://keras.io/api/layers/core_layers/activation/
 *
 * @throws OptionError for an unknown activation
 * @example new Activation({ activation: 'relu' })
 */
export class Activation implements Layer {
  readonly type = 'Activation'
  readonly name: string | undefined
  readonly config: { readonly activation: ActivationName }

  constructor(options: ActivationOptions) {
    checkOptions('Activation', options, ['activation', 'name'])
    this.name = options.name
    this.config = { activation: activationName('Activation', options.activation) }
  }

  outputShape(input: Shape): Shape {
    return input
  }

  needs(): Needs {
    if (this.config.activation === 'linear') return { backwardReads: 'neither', inPlace: 'view' }
    return { backwardReads: 'output', inPlace: 'overwrite' }
  }

  bind<A extends Real>(kernels: Kernels<A>, { inputShape }: Memory<A>): Step<A> {
    const size = sizeOf(inputShape)
    switch (this.config.activation) {
      case 'relu':
        return {
          forward: (rows, x, y) => kernels.relu(rows * size, x, y),
          backward: (rows, _x, y, dy, dx) => dx && kernels.reluBackward(rows * size, y, dy, dx),
        }
      case 'sigmoid':
        return {
          forward: (rows, x, y) => kernels.sigmoid(rows * size, x, y),
          backward: (rows, _x, y, dy, dx) => dx && kernels.sigmoidBackward(rows * size, y, dy, dx),
        }
      case 'softmax': {
        const classes = inputShape.at(-1) ?? 1
        const vectors = size / classes
        return {
          forward: (rows, x, y) => kernels.softmax(rows * vectors, classes, x, y),
          backward: (rows, _x, y, dy, dx) =>
            dx && kernels.softmaxBackward(rows * vectors, classes, y, dy, dx),
        }
      }
      case 'linear':
        return view
    }
  }
}
