import { exifOrientation, upright } from '../data/photo/orientation.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'

/** The decoder counts 14 to 22 bytes a pixel, and takes about twice as much. */
const LIMITS = { maxResolutionInMP: 100, maxMemoryUsageInMB: 1024 }

/** What the decoder hands on beside what its types say: the Exif block behind its first five letters. */
interface WithExif {
  readonly exifBuffer?: Uint8Array
}

/**
 * The pixels of a JPEG file, turned as the camera was held.
 *
 * @returns [H, W, 4]
 * @throws Error where it is damaged, or of more pixels or memory than the limits
 */
export async function decodeJpeg(bytes: Uint8Array): Promise<Tensor<Uint8Array>> {
  const { default: jpeg } = await import('jpeg-js')
  const { width, height, data, exifBuffer } = jpeg.decode(bytes, {
    useTArray: true,
    // What is missing would be grey otherwise, and pass for a part of the photo.
    tolerantDecoding: false,
    ...LIMITS,
  }) as ReturnType<typeof jpeg.decode> & WithExif
  const photo = tensor(data as Uint8Array, [height, width, 4])
  return exifBuffer ? upright(photo, exifOrientation(exifBuffer.subarray(1))) : photo
}
