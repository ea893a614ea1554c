import type { Tensor } from '../../tensor/tensor.ts'

/** The tag of an image's orientation. */
const ORIENTATION = 0x0112

/**
 * How a camera was held, as it notes that in a photo's Exif data: 1 upright, 6 and 8 turned by a quarter, 3 upside down, the
 * others mirrored too. 1 where the data does not say, or is damaged.
 *
 * Source: CIPA DC-008, Exif 2.32, section 4.6.4
 *
 * @param tiff the Exif data from its byte order (`II` or `MM`) on
 */
export function exifOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (view.byteLength < 8) return 1
  const isLittle = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, isLittle)
  if (directory + 2 > view.byteLength) return 1
  const end = directory + 2 + 12 * view.getUint16(directory, isLittle)
  for (let entry = directory + 2; entry + 12 <= Math.min(end, view.byteLength); entry += 12) {
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue
    const value = view.getUint16(entry + 8, isLittle)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** A photo [H, W, channels] as it was seen, by its Exif orientation: a view of the same pixels. */
export function upright(photo: Tensor<Uint8Array>, orientation: number): Tensor<Uint8Array> {
  const isTurned = orientation >= 5
  const isFlippedAcross = [2, 3, 6, 7].includes(orientation)
  const isFlippedDown = [3, 4, 7, 8].includes(orientation)
  const turned = isTurned ? photo.transpose(1, 0, 2) : photo
  return turned.step(isFlippedDown ? -1 : 1, isFlippedAcross ? -1 : 1, 1)
}
