import type { Pixels } from '../picture/pixels.ts'

/**
 * An image scaled down to a width, each of its pixels the mean of those that it covers. One that is no wider stays as it
 * is.
 */
export function shrink(image: Pixels, width: number): Pixels {
  if (image.width <= width) return image
  const { channels } = image
  const height = Math.max(1, Math.round((image.height * width) / image.width))
  const data = new Uint8Array(height * width * channels)
  for (let y = 0; y < height; y++) {
    const rows = covered(y, image.height / height)
    for (let x = 0; x < width; x++) {
      const columns = covered(x, image.width / width)
      for (let c = 0; c < channels; c++) data[(y * width + x) * channels + c] = mean(image, rows, columns, c)
    }
  }
  return { width, height, channels, data }
}

/** A stretch of pixels along one axis: the first of them, and how much of each one belongs to it. */
interface Stretch {
  readonly first: number
  readonly shares: readonly number[]
}

function covered(index: number, scale: number): Stretch {
  const [begin, end] = [index * scale, (index + 1) * scale]
  const first = Math.floor(begin)
  // What rounding has left over is no pixel.
  const count = Math.ceil(end - 1e-9) - first
  const share = (_: unknown, i: number) => Math.min(first + i + 1, end) - Math.max(first + i, begin)
  return { first, shares: Array.from({ length: count }, share) }
}

function mean({ width, channels, data }: Pixels, rows: Stretch, columns: Stretch, channel: number): number {
  let sum = 0
  let area = 0
  for (const [i, high] of rows.shares.entries()) {
    for (const [j, wide] of columns.shares.entries()) {
      sum += high * wide * data[((rows.first + i) * width + columns.first + j) * channels + channel]
      area += high * wide
    }
  }
  return Math.round(sum / area)
}
