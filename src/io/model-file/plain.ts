import type { Json } from '../../config.ts'
import { OptionError, show } from '../../errors.ts'
import type { Plain } from '../../model/resuming/training-state.ts'
import { isPlainObject } from '../../options.ts'
import { isNumericArray, type NumericArray } from '../../tensor/tensor.ts'
import { isJsonObject, MAX_DEPTH } from '../strict-json.ts'

/*
 * Plain data as JSON. What JSON cannot say is an object with one key: { "$number": "NaN" }, "Infinity", "-Infinity" or "-0";
 * { "$array": "fit/sums" } for a typed array, which is the tensor of that name. A key of the data that begins with $ has
 * one more in front of it.
 */

/**
 * @param path the keys that lead to the value: an array in it is named after where it stands, `fit/sums`
 * @param arrays the arrays are added to them, each under a name that no other place has
 * @throws OptionError for what is no plain data, which a callback's state or a layer's config may hold by mistake
 */
export function encodePlain(
  value: unknown,
  path: readonly (string | number)[],
  arrays: Map<string, NumericArray>,
): Json {
  const refuse = (expected: string) => new OptionError('saveModel', placeName(path), value, expected)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number')
    return isJsonNumber(value) ? value : { $number: Object.is(value, -0) ? '-0' : `${value}` }
  if (isNumericArray(value)) {
    const name = placeName(path)
    arrays.set(name, value)
    return { $array: name }
  }
  if (typeof value !== 'object') throw refuse('plain data: JSON, numbers, typed arrays')
  // One less, since a number may become an object.
  if (path.length >= MAX_DEPTH - 1) throw refuse(`plain data, nested less than ${MAX_DEPTH} deep`)
  if (Array.isArray(value)) {
    return value.map((item, i) => encodePlain(item, [...path, i], arrays))
  }
  if (!isPlainObject(value)) throw refuse('plain data, no object of a class')
  const entries = Object.entries(value).filter(([, part]) => part !== undefined) // As JSON.stringify does.
  return Object.fromEntries(
    entries.map(([key, part]) => {
      if (key === '__proto__') throw refuse('plain data without a key __proto__')
      return [key.replace(/^\$/, '$$$$'), encodePlain(part, [...path, key], arrays)]
    }),
  )
}

/** Keys with slashes between, escaped as in JSON Pointer (RFC 6901), so that no two places have one name. */
const placeName = (path: readonly (string | number)[]): string =>
  path.map(key => `${key}`.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')

const isJsonNumber = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0)

/**
 * The plain data that `encodePlain` made JSON of.
 *
 * @param arrayOf gives the array of a name
 * @param report told of what `encodePlain` does not write
 */
export function decodePlain(
  json: Json,
  arrayOf: (name: string) => NumericArray,
  report: (problem: string) => void,
): Plain {
  if (Array.isArray(json)) return json.map(item => decodePlain(item, arrayOf, report))
  if (!isJsonObject(json)) return json
  const entries = Object.entries(json)
  if (entries.length === 1) {
    const { $number: number, $array: array } = json
    if (typeof number === 'string' && numbers.has(number)) return numbers.get(number)!
    if (typeof array === 'string') return arrayOf(array)
  }
  return Object.fromEntries(
    entries.map(([key, part]) => {
      if (key === '__proto__' || /^\$(?!\$)/.test(key)) report(`the key ${show(key)} is not expected`)
      return [key.replace(/^\$\$/, '$'), decodePlain(part, arrayOf, report)]
    }),
  )
}

const numbers = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])
