import type { Tensor } from 'convnet-ts'

/** From dark to bright. */
const SHADES = ' .:-=+*#%@'

/**
 * A grey image as text: in half blocks, each of them two pixels one above the other, where the terminal has them and 256
 * colours; elsewhere, as in a file, in two characters a pixel, since a character is twice as high as it is wide.
 *
 * @param image [height, width, 1], 0 … 255
 */
export function drawImage(image: Tensor<Uint8Array>): string {
  const lines = showsHalfBlocks() ? halfBlocks(image) : shades(image)
  return lines.join('\n')
}

function showsHalfBlocks(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env
  const isUtf8 = process.platform === 'win32' || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
  return isUtf8 && process.stdout.isTTY && process.stdout.hasColors(256)
}

function halfBlocks(image: Tensor<Uint8Array>): string[] {
  const [height, width] = image.shape as [number, number]
  // 232 … 255 of the 256 colours are greys.
  const grey = (y: number, x: number) => 232 + Math.round(image.get(y, x, 0) * (23 / 255))
  return Array.from({ length: Math.floor(height / 2) }, (_, line) => {
    const pair = (x: number) => `\x1b[38;5;${grey(2 * line, x)};48;5;${grey(2 * line + 1, x)}m▀`
    return `${Array.from({ length: width }, (_, x) => pair(x)).join('')}\x1b[0m`
  })
}

function shades(image: Tensor<Uint8Array>): string[] {
  const [height, width] = image.shape as [number, number]
  const shade = (y: number, x: number) => SHADES[Math.round(image.get(y, x, 0) * ((SHADES.length - 1) / 255))]
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => shade(y, x).repeat(2))
      .join('')
      .trimEnd(),
  )
}
