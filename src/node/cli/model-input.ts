import { Rescaling } from '../../layers/rescaling.ts'
import type { Sequential } from '../../model/sequential.ts'
import type { Rows } from '../../tensor/tensor.ts'
import { UsageError } from './arguments.ts'

/** The help for `--white`. */
export const WHITE_HELP = `  --white N        what white is for the model, as which it was trained; black is 0 (255 where
                   its first layer is a Rescaling, else 1)
`

/** What `--white` may be. */
export const WHITE_VALUE = 'a number above 0'

/**
 * Makes what gives a model pixels as it was trained on them.
 *
 * @param white the text behind `--white`
 * @throws UsageError where that is no such number
 */
export function modelInput(command: string, model: Sequential, white?: string): (pixels: Uint8Array) => Rows {
  const usual = model.layers[0].layer instanceof Rescaling ? 255 : 1
  const brightest = white === undefined ? usual : Number(white)
  if (!Number.isFinite(brightest) || brightest <= 0) {
    throw new UsageError(`${command}: --white is ${white}, expected ${WHITE_VALUE}`)
  }
  return pixels =>
    brightest === 255 ? pixels : Float32Array.from(pixels, pixel => (brightest * pixel) / 255)
}
