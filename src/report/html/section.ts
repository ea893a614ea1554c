import { text, texts } from '../../options.ts'
import { element, escapeText } from '../picture/element.ts'
import { inline } from './prose.ts'

/** A part of a page, with an entry in its table of contents. */
export interface Section {
  /** Any text. */
  readonly heading: string
  /** HTML. */
  readonly content: string
}

/**
 * A section of {@link htmlPage}.
 *
 * @param content HTML, as the other blocks give it: paragraphs, tables, figures
 * @throws OptionError
 * @example
 * section('The images', paragraph('There are ten kinds of clothes.'), figure(imageGrid(images)))
 */
export function section(heading: string, ...content: readonly string[]): Section {
  return {
    heading: text('section', 'heading', heading),
    content: texts('section', 'content', content).join(''),
  }
}

/**
 * A part of a section, with a heading of its own that the table of contents does not have.
 *
 * @param content HTML
 * @returns HTML
 * @throws OptionError
 * @example
 * section('Experiment 1', subsection('Training', figures(figure(curves))), subsection('Test', table(header, rows)))
 */
export function subsection(heading: string, ...content: readonly string[]): string {
  return element(
    'section',
    {},
    element('h3', {}, escapeText(text('subsection', 'heading', heading))),
    ...texts('subsection', 'content', content),
  )
}

/**
 * What is shown when the reader asks for it, under a line that is always there.
 *
 * @param summary that line
 * @param content HTML
 * @returns HTML
 * @throws OptionError
 * @example
 * details('All epochs', table(header, rows))
 */
export function details(summary: string, ...content: readonly string[]): string {
  return element(
    'details',
    {},
    element('summary', {}, inline('details', 'summary', summary)),
    ...texts('details', 'content', content),
  )
}
