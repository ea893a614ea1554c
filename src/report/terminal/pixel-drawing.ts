import { terminal } from '../../text/terminal.ts'
import type { Pixels } from '../picture/pixels.ts'
import { halfBlocks } from './half-blocks.ts'
import { shades } from './shades.ts'
import { shrink } from './shrink.ts'

/** How images are drawn on the terminal in use. */
export interface PixelDrawing {
  /** Characters that a pixel is wide. */
  readonly pixelWidth: 1 | 2
  /** An image as lines, all as wide as the image, scaled down to at most `width` characters. */
  lines(image: Pixels, width: number): string[]
}

/** In half blocks where the terminal has them and at least 256 colours, else in shades of ASCII. */
export function pixelDrawing(): PixelDrawing {
  const { colors, isUnicode } = terminal()
  return isUnicode && colors >= 8
    ? { pixelWidth: 1, lines: (image, width) => halfBlocks(shrink(image, width), colors) }
    : { pixelWidth: 2, lines: (image, width) => shades(shrink(image, Math.max(1, width >> 1))) }
}
