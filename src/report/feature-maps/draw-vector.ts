import { backing } from '../picture/backing.ts'
import type { Drawing, Place } from '../picture/drawing.ts'
import { pixelImage } from '../picture/pixels.ts'
import { signedPixels } from '../picture/signed-colours.ts'
import { SIDE } from './draw-maps.ts'

/** How wide and high the square of a number may be, in pixels. */
const CELLS = [20, 16, 12, 8, 6, 4, 3, 2]

/**
 * A vector as squares from left to right, and on in the next line where it is long. They are as large as lets the block
 * be no higher than maps are, if that can be.
 */
export function drawVector(values: Float32Array, limit: number, at: Place): Drawing {
  const linesOf = (size: number) => Math.ceil(values.length / Math.floor(at.width / size))
  const cell = CELLS.find(size => linesOf(size) * size <= SIDE) ?? 1
  // All lines are equally long but for the last, which is little shorter.
  const columns = Math.ceil(values.length / linesOf(cell))
  const full = Math.floor(values.length / columns)
  const rest = values.length - full * columns
  const block = (line: number, width: number, height: number) =>
    pixelImage(signedPixels(values.subarray(line * columns), width, height, limit), {
      x: at.x,
      y: at.y + line * cell,
      width: width * cell,
      height: height * cell,
    })
  const height = linesOf(cell) * cell
  return {
    svg: [
      backing({ x: at.x, y: at.y, width: columns * cell, height }),
      block(0, columns, full),
      rest > 0 ? block(full, rest, 1) : '',
    ].join(''),
    height,
  }
}
