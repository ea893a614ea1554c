import { checkOptions, oneOf, text, wholeNumber } from '../../options.ts'
import { type Attributes, element, escapeText, short } from './element.ts'
import { BOLD, fitText } from './text-width.ts'
import { pictureStyles, type Theme, themes } from './theme.ts'

/** Options that every picture has. */
export interface PictureOptions {
  /** Stands above the picture. Default: what the picture shows, in a few words. */
  readonly title?: string
  /** In pixels, from 240 to 4,000; the height follows. Default: as wide as what is in it asks for. */
  readonly width?: number
  /** Default 'auto': as the reader's system asks for. */
  readonly theme?: Theme
}

/** Sizes of fonts, in pixels. */
export const TITLE_SIZE = 15
export const TEXT_SIZE = 12

/** Room that names have at least where there is little. */
export const MIN_NAME = 64

/** Longer names, in pixels, are cut: they would take more room than all the rest. */
export const MAX_NAME = 480

/** Between the edge of a picture and what is in it. */
export const MARGIN = 16

/** The first baseline below a title; what is drawn begins here. */
export const TITLE_HEIGHT = 34

/** Which sans-serif font is at hand; the last but one is what PNGs are drawn with. */
export const FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Source Sans 3', sans-serif"

/**
 * Checks the options that every picture has.
 *
 * @param owner the function that draws the picture
 * @param own the names of its other options
 * @throws OptionError
 */
export function checkPictureOptions(
  owner: string,
  options: PictureOptions,
  own: readonly string[] = [],
): { theme: Theme } {
  checkOptions(owner, options, ['title', 'width', 'theme', ...own])
  if (options.title !== undefined) text(owner, 'title', options.title)
  if (options.width !== undefined) wholeNumber(owner, 'width', options.width, { min: 240, max: 4000 })
  return { theme: oneOf(owner, 'theme', options.theme ?? 'auto', themes) }
}

/** What `picture` needs to know of a whole picture. */
interface Frame {
  readonly title: string
  /** What the picture shows, in a sentence, for those who cannot see it. */
  readonly description: string
  readonly width: number
  readonly height: number
  readonly theme: Theme
}

/** A whole SVG document: a title on a surface, and what is drawn below it. */
export function picture(
  { title, description, width, height, theme }: Frame,
  ...content: readonly string[]
): string {
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    class: 'picture',
    role: 'img',
    width,
    height,
    viewBox: `0 0 ${short(width)} ${short(height)}`,
    'font-family': FONTS,
    'font-size': TEXT_SIZE,
  }
  return element(
    'svg',
    root,
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(description)),
    element('style', {}, pictureStyles(theme)),
    element('rect', { class: 'surface', width: '100%', height: '100%' }),
    label(fitText(title, TITLE_SIZE * BOLD, width - 2 * MARGIN), {
      x: MARGIN,
      y: 22,
      'font-size': TITLE_SIZE,
      'font-weight': 600,
    }),
    ...content,
  )
}

/** A piece of text. Its class is `ink` where none is given. */
export function label(text: string, attributes: Attributes): string {
  return element('text', { class: 'ink', ...attributes }, escapeText(text))
}
