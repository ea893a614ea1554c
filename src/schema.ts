import { show } from './errors.ts'

/** What a value from outside must be: tells `report` of each part of it that is something else. */
export type Schema = (value: unknown, path: string, report: (problem: string) => void) => void

/** A value that passes a test. */
export function is(expected: string, test: (value: unknown) => boolean): Schema {
  return (value, path, report) => {
    if (!test(value)) report(`${path} is ${show(value)}, expected ${expected}`)
  }
}

export const text = is('a text', value => typeof value === 'string')
export const flag = is('true or false', value => typeof value === 'boolean')
export const number = is('a number', value => typeof value === 'number')
export const wholeFrom = (least: number): Schema =>
  is(`a whole number of at least ${least}`, value => Number.isSafeInteger(value) && Number(value) >= least)
export const whole = wholeFrom(0)
export const anything = is('a value', value => value !== undefined)

export const float32 = is('an array of float32', value => value instanceof Float32Array)

/** One of some texts. */
export const oneOf = (choices: readonly string[]): Schema =>
  is(`one of ${choices.map(show).join(', ')}`, value => choices.includes(value as string))

/** Null, or what another schema asks for. */
export const nullOr = (schema: Schema): Schema => {
  return (value, path, report) => value === null || schema(value, path, report)
}

/** Missing, or what another schema asks for. */
export const optional = (schema: Schema): Schema => {
  return (value, path, report) => value === undefined || schema(value, path, report)
}

/** A list of up to so many items, each of which is what another schema asks for. */
export const listOf = (item: Schema, most = Number.POSITIVE_INFINITY): Schema => {
  return (value, path, report) => {
    if (!Array.isArray(value)) report(`${path} is ${show(value)}, expected a list`)
    else if (value.length > most) report(`${path} has ${value.length} items, expected ${most} at most`)
    else for (const [i, each] of value.entries()) item(each, `${path}[${i}]`, report)
  }
}

/** An object, each value of which is what another schema asks for. */
export const mapOf = (item: Schema): Schema => {
  return (value, path, report) => {
    if (!isObject(value)) report(`${path} is ${show(value)}, expected an object`)
    else for (const [key, each] of Object.entries(value)) item(each, `${path}.${key}`, report)
  }
}

/** An object with the keys of T, each of which is what its schema asks for. */
export const fields = <T>(schemas: { readonly [K in keyof T]-?: Schema }): Schema => {
  return (value, path, report) => {
    if (!isObject(value)) {
      report(`${path} is ${show(value)}, expected an object`)
      return
    }
    for (const [key, schema] of Object.entries<Schema>(schemas)) schema(value[key], `${path}.${key}`, report)
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(schemas, key)) report(`${path}.${key} is not expected`)
    }
  }
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
