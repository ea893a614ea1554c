import { checkOptions, wholeNumber } from '../../options.ts'
import { terminal } from '../../text/terminal.ts'
import { type ImageTensor, imagePixels } from '../picture/image-pixels.ts'
import { pixelDrawing } from './pixel-drawing.ts'

/** Options of {@link drawImage}. */
export interface DrawImageOptions {
  /** Characters that the image may be wide, at most as many as the terminal. Default: the terminal's. */
  readonly width?: number
}

/**
 * An image as text for the terminal in use: in half blocks, each of them two pixels one above the other, where it has
 * Unicode and at least 256 colours; elsewhere, as in a file, in letters from dark to bright, two for each pixel. What is
 * too wide is scaled down; what is higher than the terminal scrolls, as any long text does.
 *
 * @param image [H, W, 1] or [H, W] in shades of grey, [H, W, 3] in colours; bytes 0 … 255, or floats 0 … 1
 * @returns lines, the last without a newline
 * @throws OptionError, ShapeError, or DataError where a float is not from 0 to 1
 * @example
 * console.log(drawImage(train.images.pick(0)))
 */
export function drawImage(image: ImageTensor, options: DrawImageOptions = {}): string {
  const owner = 'drawImage'
  checkOptions(owner, options, ['width'])
  const { columns } = terminal()
  const width = Math.min(columns, wholeNumber(owner, 'width', options.width ?? columns, { min: 1 }))
  const pixels = imagePixels(owner, image, { file: 'image' })
  return pixelDrawing()
    .lines(pixels, width)
    .map(line => line.trimEnd())
    .join('\n')
}
