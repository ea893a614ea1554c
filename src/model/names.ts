import { OptionError } from '../errors.ts'
import type { Layer } from '../layers/layer.ts'

/**
 * A name for a layer that no other of the model has: its own, or its type in snake case with a number behind it from
 * the second on, as Keras counts: `conv2d`, `conv2d_1`.
 *
 * @throws OptionError for a name that is taken, empty, or has a slash, which separates a layer's name from its weights'
 */
export function uniqueName({ name, type }: Pick<Layer, 'name' | 'type'>, taken: readonly string[]): string {
  if (name !== undefined) {
    if (typeof name !== 'string' || name === '' || name.includes('/'))
      throw new OptionError(type, 'name', name, 'a name without slashes')
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
