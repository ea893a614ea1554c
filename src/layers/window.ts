import { ShapeError } from '../errors.ts'
import type { WindowGeometry } from '../kernels/kernels.ts'
import { oneOf } from '../options.ts'
import { formatShape, type Shape } from '../tensor/shape.ts'

/**
 * `valid`: windows lie wholly on the image, ⌊(in − kernel) / stride⌋ + 1 of them. `same`: ⌈in / stride⌉ windows, the
 * overhang split evenly, the odd pixel at the bottom and right, as TensorFlow and Keras have it.
 */
export type Padding = 'valid' | 'same'

/** Checks the option `padding`. */
export function padding(owner: string, given: Padding): Padding {
  return oneOf(owner, 'padding', given, ['valid', 'same'])
}

/** What a layer with a window was told of it. */
export interface WindowOptions {
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly padding: Padding
}

/**
 * The geometry of a window that slides over images of shape [height, width, channels].
 * @throws ShapeError where the input is no image, or smaller than a 'valid' window
 */
export function windowGeometry(owner: string, input: Shape, options: WindowOptions): WindowGeometry {
  if (input.length !== 3 || input.some(length => length < 1)) {
    throw new ShapeError(
      owner,
      `expected rows of shape (height, width, channels), got ${formatShape(input)}: ` +
        'reshape x to [rows, height, width, channels]; grey images have 1 channel',
    )
  }
  const [height, width, channels] = input as [number, number, number]
  const [kernelHeight, kernelWidth] = options.kernel
  if (options.padding === 'valid' && (kernelHeight > height || kernelWidth > width)) {
    throw new ShapeError(
      owner,
      `a window of ${kernelHeight}×${kernelWidth} does not fit on an image of ${height}×${width}: ` +
        `use a smaller one, or padding: 'same'`,
    )
  }
  const [strideHeight, strideWidth] = options.strides
  const vertical = slide(height, kernelHeight, strideHeight, options.padding)
  const horizontal = slide(width, kernelWidth, strideWidth, options.padding)
  return {
    height,
    width,
    channels,
    kernelHeight,
    kernelWidth,
    strideHeight,
    strideWidth,
    padTop: vertical.before,
    padLeft: horizontal.before,
    outHeight: vertical.windows,
    outWidth: horizontal.windows,
  }
}

function slide(length: number, kernel: number, stride: number, padding: Padding) {
  if (padding === 'valid') return { windows: Math.floor((length - kernel) / stride) + 1, before: 0 }
  const windows = Math.ceil(length / stride)
  const overhang = Math.max(0, (windows - 1) * stride + kernel - length)
  return { windows, before: Math.floor(overhang / 2) }
}
