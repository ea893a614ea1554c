import { OptionError, show } from './errors.ts'

/*
 * Checks of options, for constructors and functions that take an object of them. `owner` is who takes the option
 * (`Conv2D`). A check gives back the value that it found good and throws OptionError for any other.
 */

/**
 * Refuses options that do not exist, so that a typing error, or a name in Python's spelling, is never silently ignored.
 *
 * @throws OptionError naming the unknown option, and the one that was probably meant
 * @example
 * checkOptions('Adam', { learning_rate: 0.01 }, ['learningRate', 'beta1'])
 * // OptionError: Adam: learning_rate is 0.01, expected the option learningRate (options: learningRate, beta1)
 */
export function checkOptions(owner: string, options: object, known: readonly string[]): void {
  if (!isPlainObject(options)) {
    throw new OptionError(owner, 'options', options, `an object with options: ${known.join(', ')}`)
  }
  for (const [option, value] of Object.entries(options)) {
    if (known.includes(option)) continue
    const meant = sameLetters(option, known)
    const expected = meant ? `the option ${meant}` : (elsewhere.get(option) ?? 'no option of this name')
    throw new OptionError(owner, option, value, `${expected} (options: ${known.join(', ')})`)
  }
}

/** Whether a value is written as `{…}`, in any realm: a Map or Date has no options, and would be taken for `{}`. */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * One of a list of names.
 *
 * @param or what else may be given, for the error: `a Loss`
 * @throws OptionError naming the choices, and the one that was probably meant (`sparseCategoricalCrossentropy` for
 * `sparse_categorical_crossentropy`)
 */
export function oneOf<T extends string>(
  owner: string,
  option: string,
  value: T,
  choices: readonly T[],
  or?: string,
): T {
  if (choices.includes(value)) return value
  const meant = typeof value === 'string' ? sameLetters(value, choices) : undefined
  const list = `${or ? `${or} or ` : ''}one of ${choices.map(show).join(', ')}`
  throw new OptionError(owner, option, value, meant ? `${show(meant)} (${list})` : list)
}

/** A finite number. */
export function finite(owner: string, option: string, value: number): number {
  if (Number.isFinite(value)) return value
  throw new OptionError(owner, option, value, 'a finite number')
}

/** A finite number above 0. */
export function positive(owner: string, option: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value
  throw new OptionError(owner, option, value, 'a finite number above 0')
}

/** A finite number of at least 0. */
export function nonNegative(owner: string, option: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw new OptionError(owner, option, value, 'a finite number of at least 0')
}

/** A number from 0 up to, but not including, 1. */
export function fraction(owner: string, option: string, value: number): number {
  if (Number.isFinite(value) && value >= 0 && value < 1) return value
  throw new OptionError(owner, option, value, 'a number of at least 0 and less than 1')
}

/** A whole number from `min` to `max`, exactly representable. */
export function wholeNumber(
  owner: string,
  option: string,
  value: number,
  { min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number },
): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  const range = max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of at least ${min}`
  throw new OptionError(owner, option, value, `a whole number ${range}`)
}

/** A text. */
export function text(owner: string, option: string, value: string): string {
  if (typeof value === 'string') return value
  throw new OptionError(owner, option, value, 'a string')
}

/** A list, whatever its items are. */
export function list<T>(owner: string, option: string, value: readonly T[], items: string): readonly T[] {
  if (Array.isArray(value)) return value
  throw new OptionError(owner, option, value, `a list of ${items}`)
}

/** A list of texts. */
export function texts(owner: string, option: string, value: readonly string[]): readonly string[] {
  for (const [i, item] of list(owner, option, value, 'strings').entries())
    text(owner, `${option}[${i}]`, item)
  return value
}

/** Texts or numbers by name: `{ loss: 0.5 }`. */
export function byName<T extends string | number>(
  owner: string,
  option: string,
  value: { readonly [name: string]: T },
  type: T extends string ? 'string' : 'number',
): { readonly [name: string]: T } {
  if (!isPlainObject(value))
    throw new OptionError(owner, option, value, `an object with a ${type} for each name`)
  const wrong = Object.keys(value).find(name => typeof value[name] !== type)
  if (wrong === undefined) return value
  throw new OptionError(owner, `${option}.${wrong}`, value[wrong], `a ${type}`)
}

/**
 * A path of a file or folder. URLs are none, here as in all of the library: it names files by their paths in errors, and
 * Node alone can make a path of a URL.
 */
export function filePath(owner: string, option: string, value: string): string {
  const refuse = (expected: string) => new OptionError(owner, option, value, expected)
  if (isFileUrl(value)) throw refuse("a path, which fileURLToPath of 'node:url' makes of it")
  if (typeof value !== 'string') throw refuse('a path, as a string')
  if (value === '') throw refuse('a path, with at least one character')
  if (value.includes('\0')) throw refuse('a path, which has no NUL in it')
  return value
}

const isFileUrl = (value: unknown): boolean =>
  value instanceof URL || (typeof value === 'string' && /^file:\/\//i.test(value))

/** The character between the fields of a CSV file. */
export function delimiter(owner: string, option: string, value: string): string {
  if (typeof value === 'string' && value.length === 1 && !'"\r\n'.includes(value)) return value
  throw new OptionError(owner, option, value, 'one character, no quote and no line end')
}

/** True or false. */
export function flag(owner: string, option: string, value: boolean): boolean {
  if (typeof value === 'boolean') return value
  throw new OptionError(owner, option, value, 'true or false')
}

/** A size in both directions, [height, width]: whole numbers of at least 1, or one number for both. */
export function pair(
  owner: string,
  option: string,
  value: number | readonly [number, number],
): readonly [height: number, width: number] {
  const both = Array.isArray(value) ? value : [value, value]
  const good = both.length === 2 && both.every(length => Number.isSafeInteger(length) && length >= 1)
  if (good) return [both[0], both[1]]
  throw new OptionError(owner, option, value, 'a whole number of at least 1, or two of them: [height, width]')
}

/** Options that are looked for in the wrong place, and where they are: Keras 2 and TensorFlow.js have this one on layers. */
const elsewhere = new Map([['inputShape', 'it on the model: new Sequential(layers, { inputShape })']])

/** The known name that differs only in capitals and underscores, or in nothing. */
export function sameLetters<T extends string>(name: string, known: readonly T[]): T | undefined {
  const letters = (text: string) => text.replaceAll('_', '').toLowerCase()
  return known.find(candidate => letters(candidate) === letters(name))
}
