import { backing } from './backing.ts'
import type { Place } from './drawing.ts'
import { type Pixels, pixelImage } from './pixels.ts'
import { SCALE_BAR, scaleNumbers } from './scale-numbers.ts'
import type { SignedScale } from './signed-colours.ts'
import { threeDigits } from './three-digits.ts'

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
  const box = { x, y, width: Math.min(SCALE_BAR.width, at.width), height: SCALE_BAR.height }
  // One more than twice as many, so that there is a middle.
  const steps = Float32Array.from({ length: 2 * 100 + 1 }, (_, i) => limit * (i / 100 - 1))
  const [below, above] = isExceeded ? [' or below', ' or above'] : ['', '']
  const numbers = [threeDigits(-limit) + below, threeDigits(0), threeDigits(limit) + above] as const
  return backing(box) + pixelImage(paint(steps), box) + scaleNumbers(box, numbers)
}
