import { encode } from 'fast-png'
import { base64 } from '../../text/base64.ts'
import type { Box } from './drawing.ts'
import { element } from './element.ts'

/** An image in bytes. */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** 1 for shades of grey, 3 for red, green and blue. */
  readonly channels: 1 | 3
  /** [height, width, channels], 0 (dark) … 255. */
  readonly data: Uint8Array
}

/** An element that shows pixels as squares, or as the rectangles that fill the box. */
export function pixelImage({ width, height, channels, data }: Pixels, box: Box): string {
  const png = encode({ width, height, channels, data })
  return element('image', {
    ...box,
    href: `data:image/png;base64,${base64(png)}`,
    preserveAspectRatio: 'none',
    style: 'image-rendering:pixelated',
  })
}
