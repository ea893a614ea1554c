/** What an attribute may be; numbers are written with two digits at most, and undefined leaves the attribute out. */
export type Attributes = { readonly [name: string]: string | number | undefined }

/**
 * An element of an SVG or HTML document as text.
 *
 * @param content what stands between its tags, already escaped; without any, the element closes itself as SVG does
 * @example
 * element('text', { x: 10, y: 20.333, class: 'ink' }, escapeText('T-shirt & top'))
 * // <text x="10" y="20.33" class="ink">T-shirt &amp; top</text>
 */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escapeText(String(value))}"`,
    )
    .join('')
  return content.length > 0 ? `<${name}${written}>${content.join('')}</${name}>` : `<${name}${written}/>`
}

/** Makes any text safe between tags and in attributes. Control characters, which XML cannot have, are left out. */
export function escapeText(text: string): string {
  return text
    .replace(controls, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** A coordinate with two digits at most, which are enough for a hundredth of a pixel. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu
