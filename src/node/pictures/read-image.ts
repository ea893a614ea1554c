import { DataError } from '../../errors.ts'
import { filePath } from '../../options.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { readBytes } from '../files/read-bytes.ts'
import { decodeJpeg } from './decode-jpeg.ts'
import { decodePng } from './decode-png.ts'

/** Images that are taken for photos too, and how their files begin, as Latin-1. */
const others = [
  ['a GIF', /^GIF8/],
  ['a WebP', /^RIFF.{4}WEBP/s],
  ['a HEIC', /^.{4}ftyp(?:hei|hev|mif1|msf1)/s],
  ['an AVIF', /^.{4}ftypavi/s],
  ['a TIFF', /^(?:II\*\0|MM\0\*)/],
  ['a BMP', /^BM.{4}\0{4}/s],
  ['an SVG or other XML', /^\s*<(?:\?xml|svg)/],
] as const

/**
 * Reads a photo from a PNG or JPEG file, for `photoToInput`; see {@link decodeImage}.
 *
 * @throws DataError naming the file where it cannot be read, or is not such a file, or is damaged
 * @throws OptionError where the path is no string
 * @example
 * const image = photoToInput(await readImage('boot.jpg'), [28, 28, 1])
 * model.predict(tensor(flat(image), [1, 28, 28, 1]))
 */
export async function readImage(path: string): Promise<Tensor<Uint8Array>> {
  return decodeImage(await readBytes(filePath('readImage', 'path', path)), path)
}

/**
 * The pixels of a PNG or JPEG file; its first bytes decide which, not a name. PNG: grey, colours or a palette, with or without
 * transparency, 1 to 16 bits. JPEG: grey, colours or CMYK. Both are turned as the camera was held. No photo is made of more than 100
 * million pixels, of a JPEG of more than 100 scans or that takes more than 1 GiB to decode (45 to 75 million pixels), or of a PNG
 * that unpacks to more than its header says.
 *
 * @param file who is named in errors
 * @returns [H, W, 4]: red, green, blue and opacity, 0 … 255
 * @throws DataError where the bytes are neither, are damaged, or are of a larger photo
 * @example
 * const image = photoToInput(await decodeImage(bytes), [28, 28, 1]) // bytes of a file, wherever they come from
 */
export async function decodeImage(bytes: Uint8Array, file = 'decodeImage'): Promise<Tensor<Uint8Array>> {
  const begins = (...magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte)
  try {
    if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return await decodePng(bytes)
    if (begins(0xff, 0xd8, 0xff)) return await decodeJpeg(bytes)
  } catch (cause) {
    throw new DataError({ file }, `cannot be read as an image (${(cause as Error).message})`, { cause })
  }
  throw new DataError({ file }, `${found(bytes)}, expected a PNG or JPEG file`)
}

function found(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'is empty'
  const beginning = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  const other = others.find(([, begins]) => begins.test(beginning))
  return other ? `is ${other[0]} file` : `begins with the bytes ${hex(bytes.subarray(0, 8))}`
}

const hex = (bytes: Uint8Array) => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ')
