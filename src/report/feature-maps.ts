import { OptionError } from '../errors.ts'
import type { LayerOutput } from '../model/layer-outputs.ts'
import { wholeNumber } from '../options.ts'
import { drawPixels, widthOfMaps } from './feature-maps/draw-maps.ts'
import { type LayerDrawing, layerDrawings } from './feature-maps/layer-drawings.ts'
import { checkClassNames } from './picture/check-classes.ts'
import { element, escapeText } from './picture/element.ts'
import { type ImageTensor, imagePixels } from './picture/image-pixels.ts'
import { checkPictureOptions, MARGIN, type PictureOptions, picture, TEXT_SIZE } from './picture/picture.ts'
import { SIGNED_COLOURS } from './picture/signed-colours.ts'
import { SUBTITLE_HEIGHT, subtitle, widthFor } from './picture/subtitle.ts'
import { BOLD, fitText, textWidth } from './picture/text-width.ts'

/** Options of {@link featureMaps}. */
export interface FeatureMapsOptions extends PictureOptions {
  /** Which row of the outputs to show, from 0. Default 0. */
  readonly row?: number
  /** How many maps of a layer to show at most, from 1 to 32. Default 8. */
  readonly maps?: number
  /** The image that this row was, shown first: [H, W, 1], [H, W] or [H, W, 3]; bytes 0 … 255, or floats 0 … 1. */
  readonly image?: ImageTensor
  /** A name for each output of the last layer. Default: the indices. */
  readonly classNames?: readonly string[]
}

/** From a caption's baseline to what it stands above, and from there to the next caption's. */
const BELOW_CAPTION = 10
const BELOW_DRAWING = 36
/** Between a layer's name and what is said of it. */
const GAP = 8

/**
 * What the layers of a model make of one image: the first maps of an output that has a height and a width, a block of
 * squares for a vector, and bars for the outputs of the last layer.
 *
 * Each layer has a scale of its own, symmetric about 0: white is 0, blue above, red below. Its caption gives the smallest
 * and the largest number of the whole output and, where a few numbers are much farther from 0 than the others, from where on
 * colours get no darker.
 *
 * @returns an SVG document
 * @throws OptionError, ShapeError, or DataError where an output is not finite, naming its layer
 * @example
 * const svg = featureMaps(model.layerOutputs(images.hi(1)), { image: images.pick(0), classNames })
 */
export function featureMaps(outputs: readonly LayerOutput[], options: FeatureMapsOptions = {}): string {
  const owner = 'featureMaps'
  const { theme } = checkPictureOptions(owner, options, ['row', 'maps', 'image', 'classNames'])
  const { row = 0, maps = 8, image, classNames } = options
  wholeNumber(owner, 'maps', maps, { min: 1, max: 32 })
  checkClassNames(owner, classNames)
  const drawings = [
    ...(image ? [imageDrawing(owner, image, maps)] : []),
    ...layerDrawings(owner, outputs, { row, maps, classNames }),
  ]

  const title = options.title ?? 'What the layers make of an image'
  const description = `Each layer has a scale of its own: ${SIGNED_COLOURS}`
  const { least, most } = widthOfMaps(maps)
  const width = options.width ?? widthFor(most, title, description)
  if (width < least + 2 * MARGIN) {
    throw new OptionError(
      owner,
      'width',
      width,
      `at least ${least + 2 * MARGIN} for ${maps} maps side by side`,
    )
  }
  const room = width - 2 * MARGIN
  let y = SUBTITLE_HEIGHT + TEXT_SIZE
  const drawn = drawings.flatMap(({ name, detail, draw }) => {
    const { svg, height } = draw({ x: MARGIN, y: y + BELOW_CAPTION, width: room })
    const above = caption(name, detail, y, room)
    y += BELOW_CAPTION + height + BELOW_DRAWING
    return [above, svg]
  })
  const height = y - BELOW_DRAWING + MARGIN
  return picture({ title, description, width, height, theme }, subtitle(description, width), ...drawn)
}

function imageDrawing(owner: string, image: ImageTensor, maps: number): LayerDrawing {
  const pixels = imagePixels(owner, image, { file: 'image' })
  const { width, height, channels } = pixels
  return {
    name: 'Image',
    detail: `${height} × ${width} × ${channels}`,
    draw: at => drawPixels([pixels], maps, at),
  }
}

function caption(name: string, detail: string, y: number, width: number): string {
  const fitting = fitText(name, TEXT_SIZE * BOLD, width)
  const rest = width - textWidth(fitting, TEXT_SIZE * BOLD) - 2 * GAP
  return element(
    'text',
    { class: 'ink', x: MARGIN, y },
    element('tspan', { 'font-weight': 600 }, escapeText(fitting)),
    rest > 0
      ? element('tspan', { class: 'muted', dx: GAP }, escapeText(fitText(detail, TEXT_SIZE, rest)))
      : '',
  )
}
