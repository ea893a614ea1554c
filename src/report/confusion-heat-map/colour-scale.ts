import type { Place } from '../picture/drawing.ts'
import { element } from '../picture/element.ts'
import { label, TEXT_SIZE } from '../picture/picture.ts'
import { HEAT_STEPS, heatEnd } from './colours.ts'

/** How high the scale is with its texts. */
export const SCALE_HEIGHT = 46

const BAR = { width: 200, height: 10 }

/**
 * What the colours stand for: each place has the colour of the cells whose value lies there between 0 and the largest.
 *
 * @param unit what the values are
 */
export function colourScale(at: Place, largest: string, unit: string): string {
  const { x } = at
  const width = Math.min(BAR.width, at.width)
  const y = at.y + TEXT_SIZE + 6
  const colours = Array.from({ length: HEAT_STEPS + 1 }, (_, step) => {
    const from = step === 0 ? 0 : heatEnd(step - 1)
    // A little of each lies below the next, so that no seam is seen.
    const to = Math.min(1, heatEnd(step) + 0.5 / width)
    const box = { x: x + from * width, y, width: (to - from) * width, height: BAR.height }
    return element('rect', { class: `heat-${step}`, ...box })
  })
  const end = { class: 'muted', y: y + BAR.height + TEXT_SIZE + 4 }
  return [
    label(unit, { class: 'muted', x, y: at.y + TEXT_SIZE }),
    ...colours,
    label('0', { ...end, x }),
    label(largest, { ...end, x: x + width, 'text-anchor': 'end' }),
  ].join('')
}
