import { OptionError } from '../../errors.ts'
import { checkOptions, wholeNumber } from '../../options.ts'
import { isTensor } from '../../tensor/tensor.ts'
import { printable } from '../../text/printable.ts'
import { terminal } from '../../text/terminal.ts'
import { cut, padEnd } from '../../text/width.ts'
import { type ImageTensor, imagePixels } from '../picture/image-pixels.ts'
import { pixelDrawing } from './pixel-drawing.ts'

/** Options of {@link drawImages}. */
export interface DrawImagesOptions {
  /** How many images are drawn, at most. Default 36. */
  readonly count?: number
  /**
   * Images side by side. They are scaled down until that many have room, though not to less than 8 characters each.
   * Default: as many as have room as they are.
   */
  readonly columns?: number
  /**
   * What is written beneath each image, on one line or several, cut to the width of the image. Colours are kept; what else
   * would command the terminal is left out.
   */
  readonly captions?: readonly string[]
}

/** Characters between two images. */
const GAP = 2
const MIN_WIDTH = 8

/**
 * Images side by side as text for the terminal in use, drawn as {@link drawImage} does.
 *
 * @param images a tensor of images, [n, H, W, 1], [n, H, W] or [n, H, W, 3], or a list of them, each [H, W, 1], [H, W] or
 * [H, W, 3]; bytes 0 … 255, or floats 0 … 1
 * @returns lines, the last without a newline
 * @throws OptionError, ShapeError, or DataError where a float is not from 0 to 1, naming its image, counted from 1
 * @example
 * console.log(drawImages(test.images, { count: 12, columns: 6, captions: [...test.labels].map(i => classNames[i]) }))
 */
export function drawImages(
  images: ImageTensor | readonly ImageTensor[],
  options: DrawImagesOptions = {},
): string {
  const owner = 'drawImages'
  checkOptions(owner, options, ['columns', 'captions', 'count'])
  const count = wholeNumber(owner, 'count', options.count ?? 36, { min: 1 })
  const wanted =
    options.columns === undefined ? undefined : wholeNumber(owner, 'columns', options.columns, { min: 1 })
  const shown = list(images, count).map((image, i) =>
    imagePixels(owner, image, { file: 'images', row: i + 1 }),
  )
  const captions = checkCaptions(owner, options.captions, shown.length)

  const drawing = pixelDrawing()
  const widest = shown.reduce((most, { width }) => Math.max(most, width), 1) * drawing.pixelWidth
  const { columns, width } = layOut(widest, wanted)
  const cells = shown.map((image, i) => cell(drawing.lines(image, width), captions[i], width))
  const rows: string[] = []
  for (let i = 0; i < cells.length; i += columns) rows.push(sideBySide(cells.slice(i, i + columns), width))
  return rows.join('\n\n')
}

function list(images: ImageTensor | readonly ImageTensor[], count: number): readonly ImageTensor[] {
  if (Array.isArray(images)) return images.slice(0, count)
  if (!isTensor(images)) {
    throw new OptionError('drawImages', 'images', images, 'a tensor, [n, H, W, 1], or a list of tensors')
  }
  const all: ImageTensor = images
  return Array.from({ length: Math.min(count, all.shape[0]) }, (_, i) => all.pick(i))
}

function checkCaptions(
  owner: string,
  captions: readonly string[] | undefined,
  count: number,
): readonly string[] {
  if (captions === undefined) return new Array(count).fill('')
  const good = Array.isArray(captions) && captions.length >= count && captions.every(isString)
  if (!good) throw new OptionError(owner, 'captions', captions, `a text for each of ${count} images`)
  return captions
}

const isString = (value: unknown): boolean => typeof value === 'string'

/** How many images stand side by side, and how wide each of them may be. */
function layOut(widest: number, wanted: number | undefined): { columns: number; width: number } {
  const room = terminal().columns + GAP
  const least = wanted === undefined ? widest : Math.min(widest, MIN_WIDTH)
  const fitting = Math.max(1, Math.floor(room / (least + GAP)))
  const columns = Math.min(wanted ?? fitting, fitting)
  return { columns, width: Math.min(widest, Math.floor(room / columns) - GAP) }
}

/** An image above its caption, as lines that are all `width` columns wide. */
function cell(image: readonly string[], caption: string, width: number): string[] {
  const below = caption === '' ? [] : caption.split('\n').map(line => cut(printable(line), width))
  return [...image, ...below].map(line => padEnd(line, width))
}

function sideBySide(cells: readonly (readonly string[])[], width: number): string {
  const height = Math.max(...cells.map(lines => lines.length))
  const line = (i: number) => cells.map(lines => lines[i] ?? ' '.repeat(width)).join(' '.repeat(GAP))
  return Array.from({ length: height }, (_, i) => line(i).trimEnd()).join('\n')
}
