import { exifOrientation, upright } from '../../data/photo/orientation.ts'
import { type Tensor, tensor } from '../../tensor/tensor.ts'

/** The decoder counts 14 to 22 bytes a pixel, and takes about twice as much. */
const LIMITS = { maxResolutionInMP: 100, maxMemoryUsageInMB: 1024 }

/** How the decoder's complaints about these limits begin, and what is said instead. */
const BEYOND = [
  ['maxResolutionInMP', 'it has more than 100 million pixels'],
  ['maxMemoryUsageInMB', 'it takes more than 1 GiB to decode'],
] as const

/** Cameras make one scan of a photo, or about ten that become finer. Each takes time for all pixels, however short it is. */
const MAX_SCANS = 100

/** What the decoder hands on beside what its types say: the Exif block behind its first five letters. */
interface WithExif {
  readonly exifBuffer?: Uint8Array
}

/**
 * The pixels of a JPEG file, turned as the camera was held.
 *
 * @returns [H, W, 4]
 * @throws Error where it is damaged, of more pixels or memory than the limits, or of more than 100 scans
 */
export async function decodeJpeg(bytes: Uint8Array): Promise<Tensor<Uint8Array>> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  checkScans(file)
  const { default: jpeg } = await import('jpeg-js')
  try {
    const { width, height, data, exifBuffer } = jpeg.decode(file, {
      useTArray: true,
      // What is missing would be grey otherwise, and pass for a part of the photo.
      tolerantDecoding: false,
      ...(isPlainColours(file) ? { colorTransform: false } : {}),
      ...LIMITS,
    }) as ReturnType<typeof jpeg.decode> & WithExif
    const photo = tensor(data as Uint8Array, [height, width, 4])
    return exifBuffer ? upright(photo, exifOrientation(exifBuffer.subarray(1))) : photo
  } catch (cause) {
    const { message } = cause as Error
    const limit = BEYOND.find(([beginning]) => message.startsWith(beginning))
    throw limit ? new Error(limit[1], { cause }) : cause
  }
}

function checkScans(file: Buffer): void {
  const begin = Buffer.of(0xff, 0xda)
  let scans = 0
  for (let at = file.indexOf(begin); at >= 0; at = file.indexOf(begin, at + 2)) scans++
  if (scans > MAX_SCANS) throw new Error(`it has ${scans} scans, more than ${MAX_SCANS}`)
}

/**
 * Whether Adobe's segment says that the colours are as they are, and not brightness and two differences, as usual. The decoder
 * overlooks that.
 *
 * Source: ITU-T T.872, section 6.5.3
 */
function isPlainColours(file: Buffer): boolean {
  // Segments are a marker, a length that counts itself, and data; the first scan ends them.
  for (let at = 2; at + 16 <= file.length && file[at] === 0xff && file[at + 1] !== 0xda; ) {
    if (file[at + 1] === 0xee && file.toString('latin1', at + 4, at + 9) === 'Adobe')
      return file[at + 15] === 0
    at += 2 + file.readUInt16BE(at + 2)
  }
  return false
}
