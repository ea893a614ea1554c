import { OptionError, ShapeError } from '../errors.ts'
import { formatShape, type Shape } from '../tensor/shape.ts'
import { isTensor, type Tensor, tensor } from '../tensor/tensor.ts'
import { type Background, backgroundOf, colourAt } from './photo/background.ts'
import { boundsOf } from './photo/bounds.ts'
import { type Box, brightness, colours, greys } from './photo/pixels.ts'
import { resample } from './photo/resample.ts'
import { sharpen } from './photo/sharpen.ts'

/** The object is looked for on a grid with this many cells for each pixel of the result: fine enough, with little noise left. */
const CELLS = 4

/**
 * Makes of a photo what a model takes, as the images of Fashion-MNIST were made of photos of clothes.
 *
 * For a model of grey images: edges in the background's colour are trimmed, the rest is resized so that it just fits, sharpened,
 * made grey, and put into the middle. The background, which is what the edges show, becomes 0, and what is darker than a
 * light background, or brighter than a dark one, becomes bright. For a model of coloured images: the photo is resized so that it
 * just fits and put into the middle, with the background's colour around it.
 *
 * Two things are done otherwise than there: pixels are averaged, where Fashion-MNIST took some and left out others, so that
 * noise does no harm; and what counts as the background's colour follows its noise, and the light that falls on it.
 *
 * Source: Xiao, Rasul and Vollgraf (2017), https://arxiv.org/abs/1708.07747, section 2
 *
 * @param photo [H, W, 4]: red, green, blue and opacity, 0 … 255, as a canvas has them; what is transparent counts as white
 * @param inputShape of one row of the model: [height, width, 1] or [height, width, 3]
 * @returns a tensor of that shape, 0 … 255
 * @throws OptionError or ShapeError where one is something else, or the photo has no pixels
 * @example
 * const { width, height, data } = context.getImageData(0, 0, 300, 200)
 * const input = photoToInput(tensor(new Uint8Array(data.buffer), [height, width, 4]), [28, 28, 1])
 */
export function photoToInput(photo: Tensor<Uint8Array>, inputShape: Shape): Tensor<Uint8Array> {
  check(photo, inputShape)
  const [height, width, channels] = inputShape
  const [photoHeight, photoWidth] = photo.shape
  const whole = { left: 0, top: 0, right: photoWidth, bottom: photoHeight }
  const scale = Math.min(1, (CELLS * Math.max(height, width)) / Math.max(photoHeight, photoWidth))
  const grid = resample(colours(photo, whole), scaled(photoWidth, scale), scaled(photoHeight, scale))
  const background = backgroundOf(grid)
  if (channels === 3) return framed(fit(photo, whole, inputShape), inputShape, colourAt(background, 0, 0))
  const box = enlarged(boundsOf(grid, background), grid, photo)
  return framed(standOut(sharpen(fit(photo, box, inputShape)), box, background, photo), inputShape, [0])
}

function check(photo: Tensor<Uint8Array>, inputShape: Shape): void {
  const owner = 'photoToInput'
  if (!isTensor(photo) || !(photo.data instanceof Uint8Array)) {
    throw new OptionError(owner, 'photo', photo, 'a tensor of bytes [H, W, 4]')
  }
  if (photo.dimension !== 3 || photo.shape[2] !== 4 || photo.size === 0) {
    throw new ShapeError(owner, `the photo has shape ${formatShape(photo.shape)}, expected [H, W, 4]`)
  }
  if (inputShape.length !== 3 || ![1, 3].includes(inputShape[2])) {
    const expected = 'expected images of one channel or three: [height, width, 1] or [height, width, 3]'
    throw new ShapeError(owner, `the model takes rows of ${formatShape(inputShape)}, ${expected}`)
  }
}

/** A part of a photo in the largest size that fits, grey or in colours. */
function fit(photo: Tensor<Uint8Array>, box: Box, [height, width, channels]: Shape): Tensor {
  const part = colours(photo, box)
  const scale = Math.min(width / part.width, height / part.height)
  const source = channels === 1 ? greys(part) : part
  return resample(source, scaled(part.width, scale), scaled(part.height, scale))
}

const scaled = (length: number, scale: number): number => Math.max(1, Math.round(length * scale))

/** A grey part of a photo, made so that its background is 0, and what differs most from that 255. */
function standOut(
  object: Tensor,
  { left, top, right, bottom }: Box,
  background: Background,
  photo: Tensor<Uint8Array>,
): Tensor {
  const [height, width] = object.shape
  const [photoHeight, photoWidth] = photo.shape
  const isLight = brightness(colourAt(background, 0, 0)) > 127.5
  const data = object.data.map((value, k) => {
    const x = left + ((right - left) * ((k % width) + 0.5)) / width
    const y = top + ((bottom - top) * (Math.floor(k / width) + 0.5)) / height
    const level = brightness(colourAt(background, x / photoWidth - 0.5, y / photoHeight - 0.5))
    return isLight ? (255 * (level - value)) / level : (255 * (value - level)) / (255 - level)
  })
  return tensor(data, object.shape)
}

/** A part of the grid as one of the photo. */
function enlarged({ left, top, right, bottom }: Box, grid: Tensor, photo: Tensor<Uint8Array>): Box {
  const [down, across] = [photo.shape[0] / grid.shape[0], photo.shape[1] / grid.shape[1]]
  return {
    left: Math.floor(left * across),
    top: Math.floor(top * down),
    right: Math.ceil(right * across),
    bottom: Math.ceil(bottom * down),
  }
}

/** An image in the middle of a larger one, as bytes. */
function framed(image: Tensor, shape: Shape, around: readonly number[]): Tensor<Uint8Array> {
  const [height, width, channels] = shape
  const [innerHeight, innerWidth] = image.shape
  const top = Math.floor((height - innerHeight) / 2)
  const left = Math.floor((width - innerWidth) / 2)
  // Rounded to whole numbers, and none beyond 0 … 255.
  const bytes = Uint8ClampedArray.from({ length: height * width * channels }, (_, k) => around[k % channels])
  for (let y = 0; y < innerHeight; y++) {
    const row = image.data.subarray(y * innerWidth * channels, (y + 1) * innerWidth * channels)
    bytes.set(row, ((top + y) * width + left) * channels)
  }
  return tensor(new Uint8Array(bytes.buffer), shape)
}
