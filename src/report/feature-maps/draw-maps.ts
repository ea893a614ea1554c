import { flat, type Tensor } from '../../tensor/tensor.ts'
import { backing } from '../picture/backing.ts'
import type { Drawing, Place } from '../picture/drawing.ts'
import { type Pixels, pixelImage } from '../picture/pixels.ts'
import { signedPixels } from '../picture/signed-colours.ts'

/** How high and wide maps are at most. */
export const SIDE = 84

const GAP = 12
const MIN_SIDE = 8

/** How wide so many maps side by side are, from the least that shows anything to the most. */
export function widthOfMaps(maps: number): { least: number; most: number } {
  return { least: maps * (MIN_SIDE + GAP) - GAP, most: maps * (SIDE + GAP) - GAP }
}

/**
 * The first maps of an output side by side.
 *
 * @param output [H, W, C]
 * @param limit the distance from 0 that has the darkest colours
 */
export function drawMaps(output: Tensor, maps: number, limit: number, at: Place): Drawing {
  const [height, width, channels] = output.shape
  const images = Array.from({ length: Math.min(maps, channels) }, (_, c) =>
    signedPixels(flat(output.pick(null, null, c)), width, height, limit),
  )
  return drawPixels(images, maps, at)
}

/** Images of one size side by side, with room for so many. Pixels are equal squares where the room is large enough. */
export function drawPixels(images: readonly Pixels[], room: number, at: Place): Drawing {
  const side = Math.min(SIDE, (at.width + GAP) / room - GAP)
  const [{ width, height }] = images
  const fitting = side / Math.max(width, height)
  const scale = fitting >= 1 ? Math.floor(fitting) : fitting
  const size = { width: width * scale, height: height * scale }
  const drawn = images.map((pixels, i) => {
    const box = { x: at.x + i * (side + GAP), y: at.y, ...size }
    return backing(box) + pixelImage(pixels, box)
  })
  return { svg: drawn.join(''), height: size.height }
}
