import type { Tensor } from '../../tensor/tensor.ts'
import { type Background, standsOut } from './background.ts'
import type { Box } from './pixels.ts'

/**
 * The part of an image [H, W, 3] in which something stands out from the background; all of it where nothing does. A row or
 * column with a single such pixel has none, unless the image is tiny: that is a speck.
 */
export function boundsOf(image: Tensor, background: Background): Box {
  const [height, width] = image.shape
  const rows = new Uint32Array(height)
  const columns = new Uint32Array(width)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!standsOut(image, y, x, background)) continue
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
