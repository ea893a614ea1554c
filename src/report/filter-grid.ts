import { DataError, OptionError, ShapeError, show } from '../errors.ts'
import { wholeNumber } from '../options.ts'
import { formatShape } from '../tensor/shape.ts'
import { flat, isTensor, type Tensor } from '../tensor/tensor.ts'
import { counted } from '../text/counted.ts'
import { backing } from './picture/backing.ts'
import { GAP, layGrid } from './picture/lay-grid.ts'
import { checkPictureOptions, label, MARGIN, type PictureOptions, picture } from './picture/picture.ts'
import { type Pixels, pixelImage } from './picture/pixels.ts'
import { scaleBar } from './picture/scale-bar.ts'
import { SCALE_BAR_HEIGHT } from './picture/scale-numbers.ts'
import { SIGNED_COLOURS, signedPixels, signedScale } from './picture/signed-colours.ts'
import { subtitle, widthFor } from './picture/subtitle.ts'

/** Options of {@link filterGrid}. */
export interface FilterGridOptions extends PictureOptions {
  /**
   * Which channel of the input to show the weights for, from 0. Default: all where there are three, as the red, green and
   * blue of a colour, otherwise the first.
   */
  readonly channel?: number
}

const COLUMNS = 8
/** A narrower picture has half as many columns. */
const NARROW = 480
const CELL = 56
const LINE = 16

/**
 * The filters that a Conv2D has learnt, numbered from 1. All are painted on one scale, which is drawn below them: white
 * is a weight of 0, blue one above, red one below. As colours (three channels), grey is 0. Where a few weights are much
 * farther from 0 than the others, the scale ends before them, and its numbers say so: `0.459 or above`.
 *
 * @param kernel [KH, KW, C, F], the first of a Conv2D's weights
 * @returns an SVG document
 * @throws OptionError, ShapeError, or DataError where a weight is not finite, naming its filter
 * @example
 * const [kernel] = model.getWeights()
 * const svg = filterGrid(kernel)
 */
export function filterGrid(kernel: Tensor, options: FilterGridOptions = {}): string {
  const owner = 'filterGrid'
  const { theme } = checkPictureOptions(owner, options, ['channel'])
  checkKernel(owner, kernel)
  const [height, width, channels, count] = kernel.shape
  const isColour = channels === 3 && options.channel === undefined
  const channel = wholeNumber(owner, 'channel', options.channel ?? 0, { min: 0, max: channels - 1 })
  const filters = Array.from({ length: count }, (_, f) => {
    const weights = flat(kernel.pick(null, null, isColour ? null : channel, f))
    checkFinite(weights, f)
    return weights
  })

  const grid = layGrid(owner, {
    count,
    columns: Math.min(count, options.width !== undefined && options.width < NARROW ? COLUMNS / 2 : COLUMNS),
    image: { width, height },
    cell: CELL,
    captions: LINE,
    width: options.width,
  })
  const scale = signedScale(Float32Array.from(filters.flatMap(weights => [...weights])))
  const { limit } = scale
  const paint = isColour ? colourPixels : signedPixels
  const cells = grid.boxes.flatMap((box, f) => [
    backing(box),
    pixelImage(paint(filters[f], width, height, limit), box),
    label(String(f + 1), { class: 'muted', x: box.x, y: box.y + box.height + LINE }),
  ])

  const title = options.title ?? 'Filters'
  const of = channels === 1 || isColour ? '' : `, for channel ${channel} of ${channels}`
  const meaning = isColour ? 'grey is 0' : SIGNED_COLOURS
  const description = `${counted(count, 'filter')} of ${height}×${width}${of}: ${meaning}`
  const whole = options.width ?? widthFor(grid.width, title, description)
  const bar = { x: MARGIN, y: grid.bottom + GAP, width: whole - 2 * MARGIN }
  return picture(
    { title, description, width: whole, height: bar.y + SCALE_BAR_HEIGHT + MARGIN, theme },
    subtitle(description, whole),
    cells.join(''),
    scaleBar(scale, bar, steps =>
      isColour ? greyPixels(steps, limit) : signedPixels(steps, steps.length, 1, limit),
    ),
  )
}

function checkKernel(owner: string, kernel: Tensor): void {
  if (!isTensor(kernel)) throw new OptionError(owner, 'kernel', kernel, 'a tensor, [KH, KW, C, F]')
  if (kernel.dimension === 4 && kernel.shape.every(length => length > 0)) return
  const expected = 'expected [KH, KW, C, F], none of them 0'
  throw new ShapeError(owner, `the kernel has the shape ${formatShape(kernel.shape)}, ${expected}`)
}

function checkFinite(weights: Float32Array, filter: number): void {
  const wrong = weights.find(weight => !Number.isFinite(weight))
  if (wrong === undefined) return
  const place = { file: 'kernel', column: `filter ${filter + 1}` }
  throw new DataError(place, `a weight is ${show(wrong)}, expected finite numbers`)
}

/** Weights [height, width, 3] as shades of red, green and blue, half of each where they are 0. */
function colourPixels(weights: Float32Array, width: number, height: number, limit: number): Pixels {
  return { width, height, channels: 3, data: shades(weights, limit) }
}

function greyPixels(weights: Float32Array, limit: number): Pixels {
  return { width: weights.length, height: 1, channels: 1, data: shades(weights, limit) }
}

function shades(weights: Float32Array, limit: number): Uint8Array {
  return Uint8Array.from(weights, weight => {
    const share = limit > 0 ? Math.max(-1, Math.min(1, weight / limit)) : 0
    return Math.round(127.5 + 127.5 * share)
  })
}
