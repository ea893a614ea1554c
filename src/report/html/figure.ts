import { OptionError } from '../../errors.ts'
import { texts } from '../../options.ts'
import { element } from '../picture/element.ts'
import { inline } from './prose.ts'

/**
 * A picture of an HTML page. It is never shown larger than it was drawn. Where the page is narrow it becomes smaller,
 * down to little more than half; where that is not enough, it keeps four fifths, and scrolls in itself.
 *
 * @param svg what one of the functions that draw pictures gave; draw it with the theme `auto`, which is the page's too.
 *   It goes into the page as it is: one from elsewhere must be trusted as the page itself is
 * @param caption stands below; words between backticks are set as code
 * @returns HTML
 * @throws OptionError where the text is no SVG with a width in pixels, or the caption no text
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
    { style: `--drawn:${width}` },
    element('div', { class: 'scroll' }, svg),
    caption === undefined ? '' : element('figcaption', {}, inline('figure', 'caption', caption)),
  )
}

/**
 * Pictures and tables beside each other, as many as the page has room for.
 *
 * @param all HTML, as `figure` and `table` give it
 * @returns HTML
 * @throws OptionError
 * @example
 * figures(figure(learningCurves(history, { metrics: ['loss'] })), figure(learningCurves(history, { metrics: ['accuracy'] })))
 */
export function figures(...all: readonly string[]): string {
  return element('div', { class: 'figures' }, ...texts('figures', 'all', all))
}
