import type { Tensor } from '../../tensor/tensor.ts'
import type { Box } from './pixels.ts'

/** What a photo shows something in front of. */
export interface Background {
  /** Red, green and blue, 0 … 255. */
  readonly colour: readonly [number, number, number]
  /** How far a pixel of the background may be from that, in any channel. */
  readonly tolerance: number
}

/** What counts as the background's colour, as Fashion-MNIST was made: within 5 % of all that a channel can be. */
const TOLERANCE = 0.05 * 255

/** A corner's part of the shorter side. */
const CORNER = 1 / 28

/** Noise of the background: more than half of the corners' pixels, since an object may reach into one of the four. */
const NOISE_SHARE = 0.7

/** Beyond this many times that, a pixel is hardly ever noise. */
const NOISE_FACTOR = 6

/** The background of an image [H, W, 3], as its corners have it: their median, which an object in one corner does not change. */
export function backgroundOf(image: Tensor): Background {
  const corners = cornerPixels(image)
  const middle = (channel: number) =>
    quantile(
      corners.map(pixel => pixel[channel]),
      0.5,
    )
  const colour = [middle(0), middle(1), middle(2)] as const
  const noise = quantile(
    corners.map(pixel => distance(pixel, 0, colour)),
    NOISE_SHARE,
  )
  return { colour, tolerance: Math.max(TOLERANCE, NOISE_FACTOR * noise) }
}

/**
 * The part of an image [H, W, 3] in which something stands out from the background; all of it where nothing does. A row or
 * column with a single such pixel has none, unless the image is tiny: that is a speck.
 */
export function boundsOf(image: Tensor, { colour, tolerance }: Background): Box {
  const [height, width] = image.shape
  const rows = new Uint32Array(height)
  const columns = new Uint32Array(width)
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k += 3) {
      if (distance(image.data, k, colour) <= tolerance) continue
      rows[y]++
      columns[x]++
    }
  }
  const enough = Math.min(height, width) > 28 ? 2 : 1
  const [top, bottom] = span(rows, enough)
  const [left, right] = span(columns, enough)
  return { left, top, right, bottom }
}

function span(counts: Uint32Array, enough: number): [first: number, end: number] {
  const first = counts.findIndex(count => count >= enough)
  return first < 0 ? [0, counts.length] : [first, counts.findLastIndex(count => count >= enough) + 1]
}

function cornerPixels({ data, shape: [height, width] }: Tensor): number[][] {
  const side = Math.max(1, Math.round(CORNER * Math.min(height, width)))
  const isAtEnd = (i: number, length: number) => i < side || i >= length - side
  const pixels: number[][] = []
  for (let y = 0; y < height; y++) {
    if (!isAtEnd(y, height)) continue
    for (let x = 0; x < width; x++) {
      const k = 3 * (y * width + x)
      if (isAtEnd(x, width)) pixels.push([...data.subarray(k, k + 3)])
    }
  }
  return pixels
}

function distance(pixels: ArrayLike<number>, k: number, colour: readonly number[]): number {
  let largest = 0
  for (let channel = 0; channel < 3; channel++) {
    largest = Math.max(largest, Math.abs(pixels[k + channel] - colour[channel]))
  }
  return largest
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(share * (sorted.length - 1))]
}
