import type { Box } from './drawing.ts'
import { element } from './element.ts'

/**
 * What pixels lie on: a frame by which white ones stand out from the picture, and what shows where a box is not filled to
 * its end.
 */
export function backing({ x, y, width, height }: Box): string {
  return element('rect', { class: 'track', x: x - 1, y: y - 1, width: width + 2, height: height + 2 })
}
