import type { Tensor } from '../../tensor/tensor.ts'
import type { RowSource } from './resample.ts'

/** A part of an image, in pixels; right and bottom are the first that no longer belong to it. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Red, green and blue of a photo's part, each 0 … 255, what is transparent being white. */
export function colours(photo: Tensor<Uint8Array>, { left, top, right, bottom }: Box): RowSource {
  const { data, offset } = photo
  const [down, across, next] = photo.stride
  return {
    width: right - left,
    height: bottom - top,
    channels: 3,
    row(y, into) {
      let from = offset + (top + y) * down + left * across
      for (let k = 0; k < 3 * (right - left); from += across) {
        const opaque = data[from + 3 * next] / 255
        const white = 255 * (1 - opaque)
        for (let channel = 0; channel < 3; channel++) into[k++] = data[from + channel * next] * opaque + white
      }
    },
  }
}

/** The brightness of a colour, which begins at k, 0 … 255. Source: ITU-R BT.601 */
export const brightness = (pixels: ArrayLike<number>, k = 0): number =>
  0.299 * pixels[k] + 0.587 * pixels[k + 1] + 0.114 * pixels[k + 2]

/** An image of colours in shades of grey. */
export function greys(source: RowSource): RowSource {
  const line = new Float32Array(3 * source.width)
  return {
    ...source,
    channels: 1,
    row(y, into) {
      source.row(y, line)
      for (let x = 0; x < source.width; x++) into[x] = brightness(line, 3 * x)
    },
  }
}
