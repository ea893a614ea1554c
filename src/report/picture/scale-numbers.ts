import type { Place } from './drawing.ts'
import { label, TEXT_SIZE } from './picture.ts'

/** How wide a bar of colours is at most, and how high. */
export const SCALE_BAR = { width: 240, height: 10 }

/** How high it is with its numbers. */
export const SCALE_BAR_HEIGHT = 28

const anchors = ['start', 'middle', 'end'] as const

/** The numbers below the start, the middle and the end of a bar of colours; the middle may have none. */
export function scaleNumbers(
  bar: Place,
  numbers: readonly [start: string, middle: string, end: string],
): string {
  const y = bar.y + SCALE_BAR.height + TEXT_SIZE + 4
  const drawn = numbers.map((text, i) =>
    text === ''
      ? ''
      : label(text, { class: 'muted', x: bar.x + (i / 2) * bar.width, y, 'text-anchor': anchors[i] }),
  )
  return drawn.join('')
}
