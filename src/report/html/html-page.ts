import { checkOptions, list, text } from '../../options.ts'
import { element, escapeText } from '../picture/element.ts'
import { type Facts, facts } from './facts.ts'
import { inline } from './prose.ts'
import type { Section } from './section.ts'
import { styleSheet } from './style-sheet.ts'

/** What {@link htmlPage} sets. */
export interface HtmlPage {
  /** The page's name, and the heading above all. */
  readonly title: string
  /** What the page is about, in a sentence or two below the title. */
  readonly lead?: string
  /** Below the lead: data, seed, versions, machine. */
  readonly facts?: Facts
  readonly sections: readonly Section[]
}

/** A page loads nothing and runs nothing. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/**
 * A whole HTML document in one text. It takes no network and no script; it reads on a phone, on a wide screen and printed,
 * and follows the reader's light or dark setting. Its table of contents has an entry for each section.
 *
 * Texts may hold anything: they are escaped. Only what the building blocks give back is taken as HTML.
 *
 * @returns the document
 * @throws OptionError
 * @example
 * const html = htmlPage({
 *   title: 'Telling clothes apart',
 *   facts: { Seed: '0' },
 *   sections: [section('Training', paragraph('Fifty epochs.'), figure(learningCurves(history)))],
 * })
 */
export function htmlPage(page: HtmlPage): string {
  const owner = 'htmlPage'
  checkOptions(owner, page, ['title', 'lead', 'facts', 'sections'])
  const { title, lead, sections } = page
  text(owner, 'title', title)
  for (const [i, each] of list(owner, 'sections', sections, 'sections').entries()) {
    text(owner, `sections[${i}].heading`, each?.heading)
    text(owner, `sections[${i}].content`, each?.content)
  }
  // The number keeps two sections of one heading apart.
  const ids = sections.map(({ heading }, i) => `${i + 1}-${slug(heading)}`)
  const head = element(
    'head',
    {},
    '<meta charset="utf-8">',
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('title', {}, escapeText(title)),
    element('style', {}, styleSheet),
  )
  const header = element(
    'header',
    {},
    element('h1', {}, escapeText(title)),
    lead === undefined ? '' : element('p', { class: 'lead' }, inline(owner, 'lead', lead)),
    page.facts === undefined ? '' : facts(page.facts),
  )
  const entries = sections.map(({ heading }, i) =>
    element('li', {}, element('a', { href: `#${ids[i]}` }, escapeText(heading))),
  )
  const contents = element('nav', { 'aria-label': 'Contents' }, element('ol', {}, ...entries))
  const main = sections.map(({ heading, content }, i) =>
    element('section', { id: ids[i] }, element('h2', {}, escapeText(heading)), content),
  )
  const body = element('body', {}, header, sections.length > 1 ? contents : '', element('main', {}, ...main))
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, body)}\n`
}

/** A heading as a link has it: `Learning curves` → `learning-curves`. */
function slug(heading: string): string {
  return (heading.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu) ?? []).join('-')
}
