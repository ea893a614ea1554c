import type { Conv2DReluPoolGeometry, Kernels } from '../kernels/kernels.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import { Activation } from './activation.ts'
import { Conv2D } from './conv2d.ts'
import { Dropout } from './dropout.ts'
import type { Fusion, Layer, Memory, Needs, Step } from './layer.ts'
import { MaxPool2D } from './max-pool2d.ts'

/**
 * Conv2D and ReLU in one step, with the MaxPool2D and the Dropout behind them where there are such.
 *
 * - y = dropout(maxPool(relu(conv(x)))), with the bits of the four one by one
 * - each cell's gradient goes to the pixel that won it alone, and from there on as in Conv2D
 *
 * Between forward and backward it keeps a byte a cell instead of the map of the convolution, which is never needed as a
 * whole: the pixel that won, or that no gradient flows.
 *
 * Input, parameters and their first values: as of the Conv2D. Output: as of the last layer of the run.
 *
 * @example
 * new Conv2DReluMaxPool2D(new Conv2D({ filters: 32, kernelSize: 3 }), new MaxPool2D(), null) // (28, 28, 1) → (13, 13, 32)
 */
export class Conv2DReluMaxPool2D implements Layer {
  readonly type: string
  readonly config
  readonly #convolution: Conv2D
  readonly #pooling: MaxPool2D | null
  readonly #dropout: Dropout | null

  /**
   * @param convolution without an activation
   * @param pooling whose windows touch, do not overlap, lie wholly on the map, and have at most 255 pixels
   */
  constructor(convolution: Conv2D, pooling: MaxPool2D | null, dropout: Dropout | null) {
    this.#convolution = convolution
    this.#pooling = pooling
    this.#dropout = dropout
    this.type = ['Conv2D', 'ReLU', pooling?.type, dropout?.type].filter(Boolean).join(' + ')
    this.config = {
      convolution: convolution.config,
      pooling: pooling?.config ?? null,
      dropout: dropout?.config ?? null,
    }
  }

  /** The number of layers that this one stands for. */
  get length(): number {
    return 2 + Number(this.#pooling !== null) + Number(this.#dropout !== null)
  }

  outputShape(input: Shape): Shape {
    const { pooledHeight, pooledWidth, filters } = this.#geometry(input)
    return [pooledHeight, pooledWidth, filters]
  }

  needs(input: Shape): Needs {
    return {
      ...this.#convolution.needs(input),
      saved: { winners: { perRow: sizeOf(this.outputShape(input)), dtype: 'uint8' } },
    }
  }

  bind<A extends Real>(kernels: Kernels<A>, { inputShape, parameters, saved, index }: Memory<A>): Step<A> {
    const g = this.#geometry(inputShape)
    const kernel = parameters.kernel!
    const bias = parameters.bias ?? { value: null, gradient: null }
    const winners = saved.winners as Uint8Array
    // The mask is that of the Dropout at its own place, the last of the run.
    const maskOf = this.#dropout?.config.rate ? this.#dropout.masks(index + this.length - 1) : () => null
    return {
      forward(rows, x, y, pass) {
        const kept = pass.training ? winners : null
        const mask = pass.training ? maskOf(pass) : null
        kernels.conv2dReluMaxPool2d(g, rows, x, kernel.value, bias.value, y, kept, mask)
      },
      backward(rows, x, _y, dy, dx, pass) {
        const mask = maskOf(pass)
        const { value: w, gradient: dw } = kernel
        kernels.conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, bias.gradient)
        if (dx) kernels.conv2dReluMaxPool2dBackwardInput(g, rows, dy, winners, mask, w, dx)
      },
    }
  }

  #geometry(input: Shape): Conv2DReluPoolGeometry {
    const g = this.#convolution.geometry(input)
    const map = [g.outHeight, g.outWidth, g.filters]
    const [poolHeight, poolWidth] = this.#pooling?.config.poolSize ?? [1, 1]
    const [pooledHeight, pooledWidth] = (this.#pooling?.outputShape(map) ?? map) as [number, number, number]
    return { ...g, poolHeight, poolWidth, pooledHeight, pooledWidth }
  }
}

/** Finds Conv2D → ReLU, and takes along the MaxPool2D and the Dropout that follow, where they can be had in one step. */
export const fuseConv2D: Fusion = ([convolution, activation, ...behind], input) => {
  if (!isA(convolution, Conv2D) || !isA(activation, Activation)) return null
  if (activation.config.activation !== 'relu') return null
  const [next] = behind
  const pooling = isA(next, MaxPool2D) && canPool(next, convolution.outputShape(input)) ? next : null
  const last = behind[pooling ? 1 : 0]
  const layer = new Conv2DReluMaxPool2D(convolution, pooling, isA(last, Dropout) ? last : null)
  return { layer, length: layer.length }
}

/** Whether the windows touch and do not overlap, none of them reaches over the edge, and a byte can name their pixels. */
function canPool({ config }: MaxPool2D, map: Shape): boolean {
  const { poolSize, strides, padding } = config
  const isWhole = (axis: 0 | 1) =>
    strides[axis] === poolSize[axis] && (padding === 'valid' || map[axis] % poolSize[axis] === 0)
  return isWhole(0) && isWhole(1) && poolSize[0] * poolSize[1] <= 255
}

/** Whether a layer is one of this class itself: a user's own, derived from it, may do something else. */
function isA<L extends Layer>(layer: Layer | undefined, type: new (options: never) => L): layer is L {
  return layer?.constructor === type
}
