import type { Place } from '../picture/drawing.ts'
import { element } from '../picture/element.ts'
import { label, TEXT_SIZE } from '../picture/picture.ts'
import { SCALE_BAR, SCALE_BAR_HEIGHT, scaleNumbers } from '../picture/scale-numbers.ts'
import { HEAT_STEPS, heatEnd } from './colours.ts'

/** From the top of the scale, where its unit stands, to its colours. */
const TO_COLOURS = TEXT_SIZE + 6

/** How high the scale is with its texts. */
export const SCALE_HEIGHT = TO_COLOURS + SCALE_BAR_HEIGHT

/**
 * What the colours stand for: each place has the colour of the cells whose value lies there between 0 and the largest.
 *
 * @param unit what the values are
 */
export function colourScale(at: Place, largest: string, unit: string): string {
  const { x } = at
  const width = Math.min(SCALE_BAR.width, at.width)
  const y = at.y + TO_COLOURS
  const colours = Array.from({ length: HEAT_STEPS + 1 }, (_, step) => {
    const from = step === 0 ? 0 : heatEnd(step - 1)
    // A little of each lies below the next, so that no seam is seen.
    const to = Math.min(1, heatEnd(step) + 0.5 / width)
    const box = { x: x + from * width, y, width: (to - from) * width, height: SCALE_BAR.height }
    return element('rect', { class: `heat-${step}`, ...box })
  })
  return [
    label(unit, { class: 'muted', x, y: at.y + TEXT_SIZE }),
    ...colours,
    scaleNumbers({ x, y, width }, ['0', '', largest]),
  ].join('')
}
