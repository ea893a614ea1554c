import { type Tensor, tensor } from 'convnet-ts'
import { convertIndexedToRgb, type DecodedPng, decode, hasPngSignature } from 'fast-png'
import { Refusal } from './refusal.ts'

/** Height and width of the images that the networks know. */
export const SIDE = 28
const PIXELS = SIDE * SIDE

/**
 * The most bytes of an image. A PNG of 28×28 with alpha and 16 bits has 6272 bytes of pixels; what a hostile file of this
 * size unpacks to stays below 20 MB.
 */
export const MAX_BYTES = 16_384

/** The media types of images, and how each is read. */
const readers: { readonly [type: string]: (bytes: Uint8Array) => Uint8Array } = {
  'application/octet-stream': rawPixels,
  'image/png': pngPixels,
}

/**
 * A posted image as the networks take it: [1, 28, 28, 1], brightness 0 … 255, the garment bright on black as in
 * Fashion-MNIST.
 *
 * @throws Refusal 415 for another media type, 400 for bytes that are no such image
 */
export function readImage(contentType: string | undefined, bytes: Uint8Array): Tensor<Uint8Array> {
  return tensor(readerOf(contentType)(bytes), [1, SIDE, SIDE, 1])
}

/** @throws Refusal 415 where images of this media type are not read */
export function readerOf(contentType: string | undefined): (bytes: Uint8Array) => Uint8Array {
  const type = contentType?.split(';')[0].trim().toLowerCase() ?? ''
  if (Object.hasOwn(readers, type)) return readers[type]
  const found = type === '' ? 'missing' : JSON.stringify(type)
  throw new Refusal(415, `content-type is ${found}, expected ${Object.keys(readers).join(' or ')}`)
}

function rawPixels(bytes: Uint8Array): Uint8Array {
  if (bytes.length === PIXELS) return bytes
  throw new Refusal(400, `the image has ${bytes.length} bytes, expected ${PIXELS}: ${SIDE}×${SIDE} pixels`)
}

function pngPixels(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 24 || !hasPngSignature(bytes)) throw new Refusal(400, 'the image is no PNG')
  const header = new DataView(bytes.buffer, bytes.byteOffset)
  const [width, height] = [header.getUint32(16), header.getUint32(20)]
  if (width !== SIDE || height !== SIDE) {
    throw new Refusal(400, `the image has ${width}×${height} pixels, expected ${SIDE}×${SIDE}`)
  }
  try {
    return grey(decode(bytes, { checkCrc: true }))
  } catch (cause) {
    throw new Refusal(400, `the image is no PNG that can be read: ${(cause as Error).message}`)
  }
}

/** Brightness as in ITU-R BT.601, in front of black where an image is transparent. */
function grey(png: DecodedPng): Uint8Array {
  const data = png.palette ? convertIndexedToRgb(png) : png.data
  const channels = png.palette ? png.palette[0].length : png.channels
  const depth = png.palette ? 8 : png.depth
  if (depth < 8) throw new Error(`${depth} bits a channel, expected 8 or 16`)
  const max = 2 ** depth - 1
  const hasAlpha = channels % 2 === 0
  return Uint8Array.from({ length: PIXELS }, (_, i) => {
    const pixel = data.subarray(i * channels, (i + 1) * channels)
    const alpha = hasAlpha ? pixel[channels - 1] / max : 1
    const [red, green, blue] = channels < 3 ? [pixel[0], pixel[0], pixel[0]] : pixel
    return Math.round((255 / max) * alpha * (0.299 * red + 0.587 * green + 0.114 * blue))
  })
}
