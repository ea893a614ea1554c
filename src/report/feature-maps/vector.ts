import { pixelImage } from '../picture/pixels.ts'
import { signedPixels } from '../picture/signed-colours.ts'
import { type Drawing, type Place, SIDE } from './drawing.ts'

/** How wide and high the square of a number may be, in pixels. */
const CELLS = [20, 16, 12, 8, 6, 4, 3, 2]

/**
 * A vector as squares from left to right, and on in the next line where it is long. They are as large as lets the block
 * be no higher than maps are, if that can be.
 */
export function drawVector(values: Float32Array, limit: number, at: Place): Drawing {
  const columnsOf = (size: number) => Math.floor(at.width / size)
  const cell = CELLS.find(size => Math.ceil(values.length / columnsOf(size)) * size <= SIDE) ?? 1
  const columns = Math.min(values.length, columnsOf(cell))
  const lines = Math.floor(values.length / columns)
  const block = (from: number, width: number, height: number) =>
    pixelImage(signedPixels(values.subarray(from), width, height, limit), {
      x: at.x,
      y: at.y + (from / columns) * cell,
      width: width * cell,
      height: height * cell,
    })
  const rest = values.length - lines * columns
  const last = rest > 0 ? block(lines * columns, rest, 1) : ''
  return { svg: block(0, columns, lines) + last, height: (lines + Math.sign(rest)) * cell }
}
