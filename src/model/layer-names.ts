import { OptionError } from '../errors.ts'
import type { Layer } from '../layers/layer.ts'

/**
 * A slash separates a layer's name from its weights'. Files cannot have the others as they are: readers of zip archives end
 * a name at NUL, and half of a surrogate pair is no UTF-8.
 */
const forbidden = /[/\0\p{Surrogate}]/u

/**
 * The names of a model's layers, of which no two are the same.
 *
 * @example
 * const names = new LayerNames()
 * names.take(names.nameFor(new Dense({ units: 10 }))) // dense, and dense_1 for the next one
 */
export class LayerNames {
  readonly #taken = new Set<string>()
  /** For each stem the first number that may be free: names that are taken stay so. */
  readonly #numbers = new Map<string, number>()

  /**
   * A name for a layer that no other has: its own, or its type in snake case with a number behind it from the second on, as
   * Keras counts: `conv2d`, `conv2d_1`. It is not taken yet.
   *
   * @throws OptionError for a name that is taken, is empty, or has a slash, NUL or half of a surrogate pair
   */
  nameFor({ name, type }: Pick<Layer, 'name' | 'type'>): string {
    if (name === undefined) return this.#numbered(type)
    if (typeof name !== 'string' || name === '' || forbidden.test(name))
      throw new OptionError(type, 'name', name, 'a name without slashes, of whole characters')
    if (this.#taken.has(name)) throw new OptionError(type, 'name', name, 'a name that no other layer has')
    return name
  }

  /** Gives a name to a layer. */
  take(name: string): void {
    this.#taken.add(name)
  }

  #numbered(type: string): string {
    const stem = type
      .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .toLowerCase()
    const name = (number: number) => (number === 0 ? stem : `${stem}_${number}`)
    let number = this.#numbers.get(stem) ?? 0
    while (this.#taken.has(name(number))) number++
    this.#numbers.set(stem, number)
    return name(number)
  }
}
