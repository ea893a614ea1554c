import { interpolateRdBu } from 'd3-scale-chromatic'
import type { Pixels } from './pixels.ts'

/** What the colours say, for the lines above pictures. */
export const SIGNED_COLOURS = 'white is 0, blue above, red below'

/** Steps on each side of 0: enough that the next step cannot be seen. */
const STEPS = 127

/*
 * Darker the further away from 0. People who cannot tell red from green see these two apart.
 * Source: Cynthia Brewer's RdBu, https://colorbrewer2.org/, whose middle is a light grey.
 */
const brewer = Array.from({ length: 2 * STEPS + 1 }, (_, i) =>
  interpolateRdBu(i / (2 * STEPS))
    .match(/\d+/g)!
    .map(Number),
)

/** From red to blue, by how much they are lifted for the middle to be white: there by all of it, at the ends by nothing. */
const colours = brewer.map((colour, i) => {
  const lift = 1 - Math.abs(i / STEPS - 1)
  return colour.map((channel, c) => Math.min(255, Math.round(channel + lift * (255 - brewer[STEPS][c]))))
})

/**
 * Numbers as pixels: white is 0, blue above and red below.
 *
 * @param values [height, width], finite
 * @param limit the distance from 0 that has the darkest colours
 */
export function signedPixels(
  values: ArrayLike<number>,
  width: number,
  height: number,
  limit: number,
): Pixels {
  const data = new Uint8Array(3 * width * height)
  for (let i = 0; i < width * height; i++) {
    const share = limit > 0 ? Math.max(-1, Math.min(1, values[i] / limit)) : 0
    data.set(colours[STEPS + Math.round(share * STEPS)], 3 * i)
  }
  return { width, height, channels: 3, data }
}

/** The share of numbers, of those that are not 0, that a scale reaches at least. */
const REACHED = 0.95

/** A scale goes to the largest distance from 0 unless that is so many times as far as most numbers are. */
const FAR = 2

/** How far from 0 a scale goes. */
export interface SignedScale {
  /** The distance that has the darkest colours. */
  readonly limit: number
  /** Whether there are numbers beyond. */
  readonly isExceeded: boolean
}

/**
 * The scale for these numbers. It leaves out the one in twenty that are farthest from 0 where they are much farther than
 * the others: a single filter that outdoes all others would make these too pale to be seen.
 */
export function signedScale(values: Float32Array): SignedScale {
  const distances = values.map(Math.abs).sort()
  const nonzero = distances.subarray(distances.lastIndexOf(0) + 1)
  if (nonzero.length === 0) return { limit: 0, isExceeded: false }
  const most = nonzero[Math.ceil(REACHED * nonzero.length) - 1]
  const farthest = nonzero[nonzero.length - 1]
  return farthest > FAR * most ? { limit: most, isExceeded: true } : { limit: farthest, isExceeded: false }
}
