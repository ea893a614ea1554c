import { ShapeError } from '../errors.ts'
import type { ClassIndices } from '../metrics/class-indices.ts'
import { wholeNumber } from '../options.ts'
import { formatShape } from '../tensor/shape.ts'
import { checkClasses, checkClassNames } from './picture/check-classes.ts'
import type { Box } from './picture/drawing.ts'
import { element, short } from './picture/element.ts'
import { checkImageTensor, type ImageTensor, imagePixels } from './picture/image-pixels.ts'
import { GAP, layGrid } from './picture/lay-grid.ts'
import {
  checkPictureOptions,
  label,
  MARGIN,
  type PictureOptions,
  picture,
  TEXT_SIZE,
} from './picture/picture.ts'
import { type Pixels, pixelImage } from './picture/pixels.ts'
import { subtitle, widthFor } from './picture/subtitle.ts'
import { fitText } from './picture/text-width.ts'

/** Options of {@link imageGrid}. */
export interface ImageGridOptions extends PictureOptions {
  /** The true class of each image. */
  readonly yTrue?: ClassIndices
  /** The class that a model took each image for. */
  readonly yPred?: ClassIndices
  /** A name for each class. Default: the indices. */
  readonly classNames?: readonly string[]
  /** Images side by side, from 1 to 50. Default 6. */
  readonly columns?: number
  /** How many images to show at most, from the first on, from 1 to 1,000. Default 36. */
  readonly count?: number
}

const CELL = 88
const LINE = 17
/** The cross that marks a wrong prediction is drawn, since many fonts have none to write. */
const CROSS = 7

/**
 * A grid of images, each with the class that it was taken for and its true class beneath. Wrong predictions have a frame,
 * a cross and a colour of their own, and are counted above the grid.
 *
 * @param images [n, H, W, 1] or [n, H, W] in shades of grey, [n, H, W, 3] in colours; bytes 0 … 255, or floats 0 … 1
 * @returns an SVG document
 * @throws OptionError, ShapeError, or DataError (a class that has no name, a float that is not from 0 to 1)
 * @example
 * const svg = imageGrid(images, { yTrue, yPred: model.predictClasses(images), classNames })
 */
export function imageGrid(images: ImageTensor, options: ImageGridOptions = {}): string {
  const owner = 'imageGrid'
  const own = ['yTrue', 'yPred', 'classNames', 'columns', 'count']
  const { theme } = checkPictureOptions(owner, options, own)
  const { yTrue, yPred, classNames } = options
  const count = wholeNumber(owner, 'count', options.count ?? 36, { min: 1, max: 1000 })
  const columns = wholeNumber(owner, 'columns', options.columns ?? 6, { min: 1, max: 50 })
  checkClassNames(owner, classNames)
  const shown = firstImages(owner, images, count)
  checkClasses(owner, 'yTrue', yTrue, images.shape[0], classNames)
  checkClasses(owner, 'yPred', yPred, images.shape[0], classNames)

  const lines = Number(yPred !== undefined) + Number(yTrue !== undefined)
  const grid = layGrid(owner, {
    count: shown.length,
    columns: Math.min(columns, shown.length),
    image: shown[0],
    cell: CELL,
    captions: lines * LINE,
    width: options.width,
  })
  const nameOf = (c: number) => classNames?.[c] ?? String(c)
  const isWrong = (i: number) => yPred !== undefined && yTrue !== undefined && yPred[i] !== yTrue[i]
  const cells = grid.boxes.flatMap((box, i) => [
    pixelImage(shown[i], box),
    ...(yPred ? verdict(nameOf(yPred[i]), box, isWrong(i)) : []),
    ...(yTrue ? [caption(nameOf(yTrue[i]), box, lines, yPred ? 'muted' : 'ink')] : []),
  ])

  const title = options.title ?? (yPred ? 'Predictions' : 'Images')
  const description = describe(options, shown.length, shown.filter((_, i) => isWrong(i)).length)
  const width = options.width ?? widthFor(grid.width, title, description)
  const frame = { title, description, width, height: grid.bottom + MARGIN, theme }
  return picture(frame, subtitle(description, width), ...cells)
}

function firstImages(owner: string, images: ImageTensor, count: number): Pixels[] {
  checkImageTensor(owner, images, 'images')
  const { shape, dimension } = images
  if ((dimension !== 3 && dimension !== 4) || shape[0] === 0) {
    const expected = '[n, H, W, 1], [n, H, W] or [n, H, W, 3], with at least one image'
    throw new ShapeError(owner, `images has the shape ${formatShape(shape)}, expected ${expected}`)
  }
  return Array.from({ length: Math.min(count, shape[0]) }, (_, i) =>
    imagePixels(owner, images.pick(i), { file: 'images', row: i + 1 }),
  )
}

function describe({ yTrue, yPred }: ImageGridOptions, count: number, wrong: number): string {
  if (!yPred) return yTrue ? 'The true class of each image' : `${count} images`
  if (!yTrue) return 'The class that each image was taken for'
  return `${wrong} of ${count} ${wrong === 1 ? 'is' : 'are'} wrong; the true class stands beneath the predicted one`
}

/** The predicted class below an image; a cross before it, and a frame around the image, where it is wrong. */
function verdict(name: string, box: Box, isWrong: boolean): string[] {
  if (!isWrong) return [caption(name, box, 1, 'ink')]
  const { x, y, width, height } = box
  const stroke = { class: 'line-wrong', 'stroke-width': 2 }
  const top = baseline(box, 1) - CROSS - 1
  const cross = `M${short(x + 1)} ${short(top)}l${CROSS} ${CROSS}m0 ${-CROSS}l${-CROSS} ${CROSS}`
  return [
    element('rect', { ...stroke, x: x - 2, y: y - 2, width: width + 4, height: height + 4, rx: 2 }),
    element('path', { ...stroke, d: cross, 'stroke-linecap': 'round' }),
    caption(name, { ...box, x: x + CROSS + 6, width: width - CROSS - 6 }, 1, 'wrong'),
  ]
}

/** A name below an image, cut where it would reach the next one. */
function caption(name: string, box: Box, line: number, paint: string): string {
  const fitting = fitText(name, TEXT_SIZE, box.width + GAP / 2)
  return label(fitting, { class: paint, x: box.x, y: baseline(box, line) })
}

function baseline({ y, height }: Box, line: number): number {
  return y + height + line * LINE
}
