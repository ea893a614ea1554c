import { byName } from '../../options.ts'
import { element, escapeText } from '../picture/element.ts'

/** What is to be known, by name: `{ Images: '60,000 of Fashion-MNIST', Seed: '0' }`. */
export type Facts = { readonly [name: string]: string }

/**
 * A list of facts of an HTML page, each under its name.
 *
 * @returns HTML
 * @throws OptionError
 * @example
 * facts({ Data: 'Fashion-MNIST, 48,000 images', Seed: '0' })
 */
export function facts(known: Facts): string {
  const entries = Object.entries(byName('facts', 'known', known, 'string')).map(([name, value]) =>
    element('div', {}, element('dt', {}, escapeText(name)), element('dd', {}, escapeText(value))),
  )
  return element('dl', {}, ...entries)
}
