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

/** The largest distance from 0. */
export function farthest(values: ArrayLike<number>): number {
  let limit = 0
  for (let i = 0; i < values.length; i++) limit = Math.max(limit, Math.abs(values[i]))
  return limit
}
