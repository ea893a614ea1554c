import { OptionError, show } from '../errors.ts'
import { fixed } from './fixed.ts'

/** A text with places for numbers. */
export interface Template {
  /** As it was given. */
  readonly text: string
  /** The names of the numbers, in the order of their places. */
  readonly names: readonly string[]
  /** @throws OptionError naming a number that there is none of, and those that there are */
  fill(numbers: { readonly [name: string]: number }): string
}

/**
 * Reads a text with places for numbers, as Python's `str.format` has them: `{epoch}`; `{epoch:03d}`, padded with zeros to
 * three digits; `{valLoss:.4f}`, with four digits behind the point. Without a format, a number is written as JavaScript
 * does. `{{` and `}}` are braces.
 *
 * @param owner who takes the text as its option `option`, for errors
 * @throws OptionError for a place that is none of these
 * @example
 * template('ModelCheckpoint', 'file', 'run/{epoch:02d}.safetensors').fill({ epoch: 3 }) // 'run/03.safetensors'
 */
export function template(owner: string, option: string, text: string): Template {
  const places = /\{\{|\}\}|\{([A-Za-z]\w*)(?::(?:0(\d{1,2})d|\.(\d{1,2})f))?\}/g
  const stray = text.replace(places, '').match(/[{}].*/)
  if (stray) {
    const expected = 'places such as {epoch}, {epoch:03d} or {valLoss:.4f}, and {{ for a brace'
    throw new OptionError(owner, option, text, expected)
  }
  return {
    text,
    names: [...text.matchAll(places)].flatMap(([, name]) => name ?? []),
    fill: numbers =>
      text.replace(places, (place, name, width, digits) => {
        if (name === undefined) return place[0]
        if (!Object.hasOwn(numbers, name)) {
          const known = Object.keys(numbers).map(show).join(', ')
          throw new OptionError(owner, option, text, `places for numbers that there are: ${known}`)
        }
        const number = numbers[name]
        if (width !== undefined) return String(number).padStart(Number(width), '0')
        return digits === undefined ? String(number) : fixed(number, Number(digits))
      }),
  }
}
