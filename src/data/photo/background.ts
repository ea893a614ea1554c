import type { Tensor } from '../../tensor/tensor.ts'
import { fitSurfaces, heightAt, level, type Point, type Surface } from './surface.ts'

/** What a photo shows something in front of: one colour, as light falls on it. */
export interface Background {
  /** Of red, green and blue. */
  readonly surfaces: readonly Surface[]
  /** How far a pixel of the background may be from that, in any channel. */
  readonly tolerance: number
}

/** What counts as the background's colour, as Fashion-MNIST was made: within 5 % of all that a channel can be. */
const TOLERANCE = 0.05 * 255

/** An edge's part of the shorter side. */
const EDGE = 1 / 28

/** Noise of the background: more than half of the corners' pixels, since an object may reach into one of the four. */
const NOISE_SHARE = 0.7

/** Beyond this many times that, a pixel is hardly ever noise. */
const NOISE_FACTOR = 6

/** How often the light is followed, at the most: it takes fewer where one side has half the light of the other. */
const ROUNDS = 40

/**
 * The background of an image [H, W, 3], as its edges have it: first the corners' median everywhere, which an object in one corner
 * does not change, and then, again and again, a surface through all pixels of the edges that are near to the one before. Most
 * objects reach some edges, and are far from it there.
 */
export function backgroundOf(image: Tensor): Background {
  const { edges, corners } = edgesOf(image)
  const median = (channel: number) =>
    quantile(
      corners.map(({ values }) => values[channel]),
      0.5,
    )
  let surfaces = [0, 1, 2].map(channel => level(median(channel)))
  for (let round = 0, count = 0; round < ROUNDS; round++) {
    const near = edges.filter(point => distance(point, surfaces) <= TOLERANCE)
    if (near.length === count) break
    count = near.length
    surfaces = fitSurfaces(near)
  }
  const noise = quantile(
    corners.map(point => distance(point, surfaces)),
    NOISE_SHARE,
  )
  return { surfaces, tolerance: Math.max(TOLERANCE, NOISE_FACTOR * noise) }
}

/** The background's red, green and blue, 0 … 255, at a place, x and y being −½ … ½ from edge to edge. */
export const colourAt = ({ surfaces }: Background, x: number, y: number): readonly number[] =>
  surfaces.map(surface => Math.max(0, Math.min(255, heightAt(surface, x, y))))

/** Whether a pixel of an image [H, W, 3] is none of the background's. */
export const standsOut = (
  image: Tensor,
  y: number,
  x: number,
  { surfaces, tolerance }: Background,
): boolean => distance(pointOf(image, y, x), surfaces) > tolerance

/** How far a pixel is from the background, in the channel in which that is most. */
function distance({ x, y, values }: Point, surfaces: readonly Surface[]): number {
  return Math.max(...surfaces.map((surface, channel) => Math.abs(values[channel] - heightAt(surface, x, y))))
}

function pointOf({ data, shape: [height, width] }: Tensor, y: number, x: number): Point {
  const k = 3 * (y * width + x)
  return {
    x: (x + 0.5) / width - 0.5,
    y: (y + 0.5) / height - 0.5,
    values: [data[k], data[k + 1], data[k + 2]],
  }
}

/** The pixels along an image's edges, and those of them in its corners. */
function edgesOf(image: Tensor): { edges: Point[]; corners: Point[] } {
  const [height, width] = image.shape
  const wide = Math.max(1, Math.round(EDGE * Math.min(height, width)))
  const isAtEnd = (i: number, length: number) => i < wide || i >= length - wide
  const edges: Point[] = []
  const corners: Point[] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ends = Number(isAtEnd(y, height)) + Number(isAtEnd(x, width))
      if (ends > 0) edges.push(pointOf(image, y, x))
      if (ends > 1) corners.push(pointOf(image, y, x))
    }
  }
  return { edges, corners }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(share * (sorted.length - 1))]
}
