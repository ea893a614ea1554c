import { backing } from './backing.ts'
import type { Place } from './drawing.ts'
import { label, TEXT_SIZE } from './picture.ts'
import { type Pixels, pixelImage } from './pixels.ts'
import type { SignedScale } from './signed-colours.ts'
import { threeDigits } from './three-digits.ts'

/** How high a scale bar is with the numbers below it. */
export const SCALE_BAR_HEIGHT = 28

const BAR = { width: 240, height: 10 }

/**
 * A bar of the colours that stand for the numbers from −limit to limit, with the numbers at its ends and its middle. Where
 * there are numbers beyond, its ends say that they stand for these too.
 *
 * @param paint the colours of such numbers, side by side
 */
export function scaleBar(
  { limit, isExceeded }: SignedScale,
  at: Place,
  paint: (values: Float32Array) => Pixels,
): string {
  const { x, y } = at
  const width = Math.min(BAR.width, at.width)
  // One more than twice as many, so that there is a middle.
  const steps = Float32Array.from({ length: 2 * 100 + 1 }, (_, i) => limit * (i / 100 - 1))
  const number = (value: number, end: number, anchor: string, beyond = '') =>
    label(threeDigits(value) + beyond, {
      class: 'muted',
      x: x + end * width,
      y: y + BAR.height + TEXT_SIZE + 4,
      'text-anchor': anchor,
    })
  const box = { x, y, width, height: BAR.height }
  return [
    backing(box),
    pixelImage(paint(steps), box),
    number(-limit, 0, 'start', isExceeded ? ' or below' : ''),
    number(0, 0.5, 'middle'),
    number(limit, 1, 'end', isExceeded ? ' or above' : ''),
  ].join('')
}
