/** What is worked on together: a strip of an image's output rows, or, of small ones, several images. */
export interface Strips {
  readonly images: number
  /** Strips of an image. */
  readonly strips: number
  /** Output rows of a strip. */
  readonly stripRows: number
  /** Output pixels of a strip. */
  readonly pixels: number
}

/** Cuts outputs into strips of about `wanted` pixels, of equally many rows each: a multiple of `rowsTogether`. */
export function stripsOf(outHeight: number, outWidth: number, rowsTogether: number, wanted: number): Strips {
  const stripRows =
    rowsTogether * evenPart(outHeight / rowsTogether, Math.ceil(wanted / outWidth / rowsTogether))
  const strips = outHeight / stripRows
  const pixels = stripRows * outWidth
  return { images: strips > 1 ? 1 : imagesTogether(pixels, wanted), strips, stripRows, pixels }
}

/** The divisor of `length` whose ratio to `wanted` is nearest to 1. */
export function evenPart(length: number, wanted: number): number {
  let best = 1
  const ratio = (part: number) => Math.max(part / wanted, wanted / part)
  for (let part = 1; part <= length; part++) {
    if (length % part === 0 && ratio(part) < ratio(best)) best = part
  }
  return best
}

/** How many images of so many pixels are worked on together: a power of two, at most 16. */
export function imagesTogether(pixels: number, limit: number): number {
  let images = 1
  while (images < 16 && 2 * images * pixels <= limit) images *= 2
  return images
}
