import { expect, test } from 'vitest'
import {
  anything,
  fields,
  flag,
  float32,
  listOf,
  mapOf,
  nullOr,
  number,
  oneOf,
  optional,
  type Schema,
  text,
  whole,
  wholeFrom,
} from '../src/schema.ts'

function problemsOf(schema: Schema, value: unknown): string[] {
  const found: string[] = []
  schema(value, 'it', problem => found.push(problem))
  return found
}

const parts = fields<{ a: number; b?: string }>({ a: number, b: optional(text) })

test.each<[string, Schema, readonly unknown[]]>([
  ['a text', text, ['', 'a']],
  ['a flag', flag, [true, false]],
  ['a number', number, [0, -0.5, Number.NaN]],
  ['a whole number', whole, [0, 2 ** 53 - 1]],
  ['a whole number from -1', wholeFrom(-1), [-1, 0]],
  ['anything', anything, [null, 0, {}]],
  ['an array of float32', float32, [new Float32Array(0)]],
  ['a choice', oneOf(['a', 'b']), ['a', 'b']],
  ['null or a text', nullOr(text), [null, 'a']],
  ['missing or a text', optional(text), [undefined, 'a']],
  ['a list', listOf(whole, 2), [[], [1, 2]]],
  ['a map', mapOf(whole), [{}, { a: 1, b: 2 }]],
  ['fields', parts, [{ a: 1 }, { a: 1, b: 'b' }]],
])('takes %s', (_, schema, values) => {
  for (const value of values) expect(problemsOf(schema, value)).toEqual([])
})

test.each<[Schema, unknown, string[]]>([
  [text, 5, ['it is 5, expected a text']],
  [flag, null, ['it is null, expected true or false']],
  [number, '1', ['it is "1", expected a number']],
  [whole, -1, ['it is -1, expected a whole number of at least 0']],
  [whole, 0.5, ['it is 0.5, expected a whole number of at least 0']],
  [whole, 2 ** 53, ['it is 9007199254740992, expected a whole number of at least 0']],
  [wholeFrom(1), 0, ['it is 0, expected a whole number of at least 1']],
  [anything, undefined, ['it is undefined, expected a value']],
  [float32, new Float64Array(1), ['it is a Float64Array of 8 bytes, expected an array of float32']],
  [oneOf(['a', 'b']), 'c', ['it is "c", expected one of "a", "b"']],
  [nullOr(text), undefined, ['it is undefined, expected a text']],
  [optional(text), null, ['it is null, expected a text']],
  [listOf(whole), {}, ['it is an object (Object), expected a list']],
  [listOf(whole, 1), [1, 2], ['it has 2 items, expected 1 at most']],
  [listOf(whole), [1, -2], ['it[1] is -2, expected a whole number of at least 0']],
  [mapOf(whole), [1], ['it is [1], expected an object']],
  [mapOf(whole), { a: 'b' }, ['it.a is "b", expected a whole number of at least 0']],
  [parts, new Float32Array(1), ['it is a Float32Array of 4 bytes, expected an object']],
  [
    parts,
    { b: 1, c: 2 },
    ['it.a is undefined, expected a number', 'it.b is 1, expected a text', 'it.c is not expected'],
  ],
])('refuses what is something else: %#', (schema, value, problems) => {
  expect(problemsOf(schema, value)).toEqual(problems)
})
