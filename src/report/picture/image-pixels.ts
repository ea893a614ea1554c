import { DataError, type DataPlace, OptionError, ShapeError, show } from '../../errors.ts'
import { formatShape } from '../../tensor/shape.ts'
import { flat, isTensor, type NumericArray, type Tensor } from '../../tensor/tensor.ts'
import type { Pixels } from './pixels.ts'

/** In shades of grey or in red, green and blue; bytes 0 (dark) … 255, or floats 0 … 1. */
export type ImageTensor = Tensor<Uint8Array> | Tensor<Float32Array>

/**
 * An image as pixels that can be shown.
 *
 * @param image [H, W, 1], [H, W] or [H, W, 3]
 * @param place where it comes from: the option, and the row in it
 * @throws OptionError, ShapeError, or DataError where a float is not from 0 to 1
 */
export function imagePixels(owner: string, image: ImageTensor, place: DataPlace): Pixels {
  checkImageTensor(owner, image, place.file)
  const [height, width, channels = 1] = image.shape
  const isFlat = image.dimension === 2
  if (!(isFlat || (image.dimension === 3 && (channels === 1 || channels === 3))) || height * width === 0) {
    const expected = 'expected [H, W], [H, W, 1] or [H, W, 3], none of them 0'
    throw new ShapeError(owner, `an image has the shape ${formatShape(image.shape)}, ${expected}`)
  }
  const values = flat<NumericArray>(image)
  return { width, height, channels: channels === 3 ? 3 : 1, data: bytesOf(values, place) }
}

/**
 * Checks what images are kept in, before their shape.
 * @throws OptionError
 */
export function checkImageTensor(owner: string, images: ImageTensor, option: string): void {
  if (isTensor(images) && (images.data instanceof Uint8Array || images.data instanceof Float32Array)) return
  throw new OptionError(owner, option, images, 'a tensor of bytes (Uint8Array) or floats (Float32Array)')
}

function bytesOf(values: NumericArray, place: DataPlace): Uint8Array {
  if (values instanceof Uint8Array) return values
  const wrong = values.find(value => !(value >= 0 && value <= 1))
  if (wrong !== undefined) {
    throw new DataError(place, `a pixel is ${show(wrong)}, expected floats from 0 to 1, or bytes`)
  }
  return Uint8Array.from(values, value => Math.round(value * 255))
}
