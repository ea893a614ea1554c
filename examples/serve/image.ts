import { decodeImage, type Tensor, tensor } from 'convnet-ts'
import { Refusal } from './refusal.ts'

/** Height and width of the images that the networks know. */
export const SIDE = 28
const PIXELS = SIDE * SIDE

/** The most bytes of an image. A PNG of 28×28 with alpha and 16 bits has 6272 bytes of pixels. */
export const MAX_BYTES = 16_384

/** Where a PNG has its width and height, and where its header ends. */
const PNG_SIZE = 16
const PNG_HEADER_END = 24

type Reader = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>

/** The media types of images, and how each is read. */
const readers: { readonly [type: string]: Reader } = {
  'application/octet-stream': rawPixels,
  'image/png': pngPixels,
}

/**
 * A posted image as the networks take it: [1, 28, 28, 1], brightness 0 … 255, the garment bright on black as in
 * Fashion-MNIST.
 *
 * @throws Refusal 415 for another media type, 400 for bytes that are no such image
 */
export async function readImage(
  contentType: string | undefined,
  bytes: Uint8Array,
): Promise<Tensor<Uint8Array>> {
  return tensor(await readerOf(contentType)(bytes), [1, SIDE, SIDE, 1])
}

/** @throws Refusal 415 where images of this media type are not read */
export function readerOf(contentType: string | undefined): Reader {
  const type = contentType?.split(';')[0].trim().toLowerCase() ?? ''
  if (Object.hasOwn(readers, type)) return readers[type]
  const found = type === '' ? 'missing' : JSON.stringify(type)
  throw new Refusal(415, `content-type is ${found}, expected ${Object.keys(readers).join(' or ')}`)
}

function rawPixels(bytes: Uint8Array): Uint8Array {
  if (bytes.length === PIXELS) return bytes
  throw new Refusal(400, `the image has ${bytes.length} bytes, expected ${PIXELS}: ${SIDE}×${SIDE} pixels`)
}

async function pngPixels(bytes: Uint8Array): Promise<Uint8Array> {
  const begins = Buffer.from(bytes.subarray(0, PNG_HEADER_END)).toString('latin1')
  if (begins.length < PNG_HEADER_END || !begins.startsWith('\x89PNG')) {
    throw new Refusal(400, 'the image is no PNG')
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset + PNG_SIZE)
  const [width, height] = [header.getUint32(0), header.getUint32(4)]
  if (width !== SIDE || height !== SIDE) {
    throw new Refusal(400, `the image has ${width}×${height} pixels, expected ${SIDE}×${SIDE}`)
  }
  try {
    return grey(await decodeImage(bytes, 'the PNG'))
  } catch (cause) {
    throw new Refusal(400, (cause as Error).message)
  }
}

/** Brightness as in ITU-R BT.601, in front of black where an image is transparent. */
function grey(photo: Tensor<Uint8Array>): Uint8Array {
  return Uint8Array.from({ length: PIXELS }, (_, i) => {
    const at = (channel: number) => photo.get(Math.floor(i / SIDE), i % SIDE, channel)
    return Math.round((at(3) / 255) * (0.299 * at(0) + 0.587 * at(1) + 0.114 * at(2)))
  })
}
