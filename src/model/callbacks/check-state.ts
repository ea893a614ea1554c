import { ResumeError, show } from '../../errors.ts'
import { isNumericArray } from '../../tensor/tensor.ts'
import type { Plain } from '../training-state.ts'

const isListOf = (test: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(test)

const kinds = {
  number: value => typeof value === 'number',
  text: value => typeof value === 'string',
  list: Array.isArray,
  numbers: isNumericArray,
  'list of numbers': isListOf(value => typeof value === 'number'),
  'list of arrays': isListOf(isNumericArray),
  'arrays by name': value => isObject(value) && Object.values(value).every(isNumericArray),
  'numbers by name': value =>
    isObject(value) && Object.values(value).every(number => typeof number === 'number'),
} as const satisfies { readonly [kind: string]: (value: unknown) => boolean }

/** What a part of a state is; with `?`, it may be null as well. */
export type Kind = keyof typeof kinds | `${keyof typeof kinds}?`

/**
 * Refuses a state that is not made as a callback's `getState` makes it, as a damaged file may have one.
 * @throws ResumeError listing the parts that are something else
 */
export function checkState(owner: string, state: Plain, parts: { readonly [name: string]: Kind }): void {
  const values: { readonly [name: string]: unknown } = isObject(state) ? state : {}
  const wrong = Object.entries(parts).filter(([name, kind]) => {
    const mayBeNull = kind.endsWith('?')
    const test = kinds[(mayBeNull ? kind.slice(0, -1) : kind) as keyof typeof kinds]
    return !(mayBeNull && values[name] === null) && !test(values[name])
  })
  if (wrong.length === 0) return
  throw new ResumeError(
    owner,
    wrong.map(
      ([name, kind]) => `${name} was ${show(values[name])}, expected ${kind.replace('?', ' or null')}`,
    ),
  )
}

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
