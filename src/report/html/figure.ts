import { OptionError } from '../../errors.ts'
import { element } from '../picture/element.ts'
import { inline } from './prose.ts'

/**
 * A picture of an HTML page. It is never shown larger than it was drawn. Where the page is narrow it becomes smaller,
 * down to four fifths, and scrolls in itself from there on, so that its text stays legible.
 *
 * @param svg what one of the functions that draw pictures gave; draw it with the theme `auto`, which is the page's too.
 *   It goes into the page as it is: one from elsewhere must be trusted as the page itself is
 * @param caption stands below; words between backticks are set as code
 * @returns HTML
 * @throws OptionError where the text is no SVG with a width in pixels
 * @example
 * figure(learningCurves(history), 'Each epoch goes through all training images once.')
 */
export function figure(svg: string, caption?: string): string {
  const width = /^<svg\b[^>]*\swidth="(\d+(?:\.\d+)?)"/.exec(svg)?.[1]
  if (width === undefined) {
    throw new OptionError('figure', 'svg', svg, 'an SVG document that begins with <svg … width="…"')
  }
  return element(
    'figure',
    { style: `--drawn:${width}px` },
    element('div', { class: 'scroll' }, svg),
    caption === undefined ? '' : element('figcaption', {}, inline(caption)),
  )
}

/**
 * Pictures and tables beside each other, as many as the page has room for.
 *
 * @param all HTML, as `figure` and `table` give it
 * @returns HTML
 * @example
 * figures(figure(learningCurves(history, { metrics: ['loss'] })), figure(learningCurves(history, { metrics: ['accuracy'] })))
 */
export function figures(...all: readonly string[]): string {
  return element('div', { class: 'figures' }, ...all)
}
