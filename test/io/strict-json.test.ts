import { expect, test } from 'vitest'
import type { Json } from '../../src/config.ts'
import { isJsonObject, parseStrictJson } from '../../src/io/strict-json.ts'

test.each([
  '1',
  '"a"',
  '{}',
  '[{"a":1},{"a":1}]',
  '{"a":{"a":["a","a"]},"b":"a\\"b\\\\"}',
  '{ "a" : "b" , "b":"{" }',
])('reads %s as JSON.parse does', text => {
  expect(parseStrictJson(text)).toEqual(JSON.parse(text))
})

test.each([
  ['{"a":1,"a":2}', '"a"'],
  ['{"a":1,"b":{"c":1},"a":2}', '"a"'],
  ['{"b":[{"a":1,"x":"}","a":2}]}', '"a"'],
  ['{"a" \n:1,"\\u0061"\t:2}', '"a"'],
  ['{"__proto__":1,"__proto__":2}', '"__proto__"'],
])('refuses the key that stands twice in %s', (text, key) => {
  expect(() => parseStrictJson(text)).toThrow(new SyntaxError(`the key ${key} stands twice in one object`))
})

test('refuses what JSON.parse refuses', () => {
  for (const text of ['', '{', '{"a":1,}', "{'a':1}", '\ufeff{}', '{"a":1}x', 'NaN']) {
    expect(() => parseStrictJson(text), text).toThrow(SyntaxError)
  }
})

test('refuses what is nested too deep for code that recurs', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(parseStrictJson(nested(100))).toBeDefined()
  expect(() => parseStrictJson(nested(101))).toThrow('nested more than 100 deep')
  expect(() => parseStrictJson(nested(1_000_000))).toThrow('nested more than 100 deep')
})

test('reads texts of megabytes', () => {
  const long = '\\"'.repeat(2_000_000)
  expect(parseStrictJson(`{"${long}":"${long}"}`)).toEqual({ ['"'.repeat(2_000_000)]: '"'.repeat(2_000_000) })
})

test('tells objects from other values', () => {
  const objects: Json[] = [{}, { a: 1 }]
  for (const value of objects) expect(isJsonObject(value)).toBe(true)
  for (const value of [null, [], 'a', 1, true, undefined]) expect(isJsonObject(value)).toBe(false)
})

test.each([
  ['[],'.repeat(200_001), 'it has more than 200000 lists and objects'],
  ['"'.padEnd(100), 'Unterminated string'],
  ['"a": 1', 'there is a key outside of any object'],
])('refuses what is no JSON before it is parsed: %#', (text, message) => {
  expect(() => parseStrictJson(text)).toThrow(message)
})
