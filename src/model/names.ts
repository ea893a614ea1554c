import { OptionError } from '../errors.ts'
import type { Layer } from '../layers/layer.ts'

/**
 * A slash separates a layer's name from its weights'. Files cannot have the others as they are: readers of zip archives end
 * a name at NUL, and half of a surrogate pair is no UTF-8.
 */
const forbidden = /[/\0\p{Surrogate}]/u

/**
 * A name for a layer that no other of the model has: its own, or its type in snake case with a number behind it from
 * the second on, as Keras counts: `conv2d`, `conv2d_1`.
 *
 * @throws OptionError for a name that is taken, is empty, or has a slash, NUL or half of a surrogate pair
 */
export function uniqueName({ name, type }: Pick<Layer, 'name' | 'type'>, taken: readonly string[]): string {
  if (name !== undefined) {
    if (typeof name !== 'string' || name === '' || forbidden.test(name))
      throw new OptionError(type, 'name', name, 'a name without slashes, of whole characters')
    if (taken.includes(name)) throw new OptionError(type, 'name', name, 'a name that no other layer has')
    return name
  }
  const stem = type
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
  let unique = stem
  for (let n = 1; taken.includes(unique); n++) unique = `${stem}_${n}`
  return unique
}
