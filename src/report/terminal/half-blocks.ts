import type { Pixels } from '../picture/pixels.ts'

type Rgb = readonly [red: number, green: number, blue: number]

/**
 * An image in half blocks: each character is two pixels, one above the other, in the colours of letter and ground.
 *
 * @param colors 8 for the palette of 256 colours, 24 for all
 * @returns lines of as many characters as the image has columns
 */
export function halfBlocks({ width, height, channels, data }: Pixels, colors: number): string[] {
  const code = colors >= 24 ? trueColour : paletteColour
  const colourAt = (y: number, x: number): string => {
    const at = (y * width + x) * channels
    const green = channels === 3 ? 1 : 0
    return code([data[at], data[at + green], data[at + 2 * green]])
  }
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) => {
    let before = ''
    let text = ''
    for (let x = 0; x < width; x++) {
      // Beneath the last row of an odd height there is nothing but the terminal's own ground.
      const ground = 2 * line + 1 < height ? `;48;${colourAt(2 * line + 1, x)}` : ''
      const coloured = `\x1b[38;${colourAt(2 * line, x)}${ground}m`
      text += coloured === before ? '▀' : `${coloured}▀`
      before = coloured
    }
    return `${text}\x1b[0m`
  })
}

const trueColour = (rgb: Rgb): string => `2;${rgb.join(';')}`

/** Of the palette's 256 colours, 16 to 231 are a cube with these steps of red, green and blue, and 232 to 255 greys. */
const CUBE_STEPS = [0, 95, 135, 175, 215, 255]
const GREYS = Array.from({ length: 24 }, (_, i) => 8 + 10 * i)

function paletteColour(rgb: Rgb): string {
  const [red, green, blue] = rgb.map(value => nearest(CUBE_STEPS, value))
  const inCube: Rgb = [CUBE_STEPS[red], CUBE_STEPS[green], CUBE_STEPS[blue]]
  const grey = nearest(GREYS, (rgb[0] + rgb[1] + rgb[2]) / 3)
  const asGrey: Rgb = [GREYS[grey], GREYS[grey], GREYS[grey]]
  const isGrey = distance(rgb, asGrey) < distance(rgb, inCube)
  return `5;${isGrey ? 232 + grey : 16 + 36 * red + 6 * green + blue}`
}

/** The index of the level that a value is nearest to. */
function nearest(levels: readonly number[], value: number): number {
  let best = 0
  for (const [i, level] of levels.entries()) {
    if (Math.abs(level - value) < Math.abs(levels[best] - value)) best = i
  }
  return best
}

const distance = (a: Rgb, b: Rgb): number => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
