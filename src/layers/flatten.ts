import { checkOptions } from '../options.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { Layer, LayerOptions, Needs } from './layer.ts'
import { view } from './view.ts'

/**
 * Makes one vector of each row, in row-major order: an image's channels stay together.
 *
 * Input: any shape. Output: [size]. y = x; dx = dy; nothing moves in memory.
 * Source: https://keras.io/api/layers/reshaping_layers/flatten/
 *
 * @example new Flatten() // (13, 13, 32) → (5408,)
 */
export class Flatten implements Layer {
  readonly type = 'Flatten'
  readonly name: string | undefined
  readonly config = {}

  constructor(options: LayerOptions = {}) {
    checkOptions('Flatten', options, ['name'])
    this.name = options.name
  }

  outputShape(input: Shape): Shape {
    return [sizeOf(input)]
  }

  needs(): Needs {
    return { backwardReads: 'neither', inPlace: 'view' }
  }

  bind() {
    return view
  }
}
