import type { Pixels } from '../picture/pixels.ts'

/** From dark to bright. */
const SHADES = ' .:-=+*#%@'

/**
 * An image in letters that are more or less filled, two for each pixel, since a letter is twice as high as it is wide.
 *
 * @returns lines of twice as many characters as the image has columns
 */
export function shades({ width, height, channels, data }: Pixels): string[] {
  const brightness = (at: number) =>
    // What each colour adds to how bright a pixel is, after ITU-R BT.601.
    channels === 3 ? 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2] : data[at]
  const shade = (at: number) => SHADES[Math.round((brightness(at) * (SHADES.length - 1)) / 255)].repeat(2)
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => shade((y * width + x) * channels)).join(''),
  )
}
