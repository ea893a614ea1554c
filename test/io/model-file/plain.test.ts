import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/config.ts'
import { OptionError } from '../../../src/errors.ts'
import { decodePlain, encodePlain } from '../../../src/io/model-file/plain.ts'
import { parseStrictJson } from '../../../src/io/strict-json.ts'
import type { NumericArray } from '../../../src/tensor/tensor.ts'

/** Through JSON and back. */
function thereAndBack(value: unknown): unknown {
  const arrays = new Map<string, NumericArray>()
  const text = JSON.stringify(encodePlain(value, [], arrays))
  const problems: string[] = []
  const back = decodePlain(
    parseStrictJson(text),
    name => arrays.get(name)!,
    problem => problems.push(problem),
  )
  expect(problems).toEqual([])
  return back
}

test('keeps what JSON can say as it is', () => {
  const value = { a: [1, 'b', null, true, { c: [] }], 'größe "2"': -1.5e-300 }
  expect(encodePlain(value, [], new Map())).toEqual(value)
  expect(thereAndBack(value)).toEqual(value)
})

test('keeps numbers that JSON cannot say', () => {
  const numbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0]
  expect(encodePlain(numbers, [], new Map())).toEqual([
    { $number: 'NaN' },
    { $number: 'Infinity' },
    { $number: '-Infinity' },
    { $number: '-0' },
    0,
  ])
  for (const number of numbers) expect(Object.is(thereAndBack(number), number)).toBe(true)
})

test('keeps arrays under the names of their places', () => {
  const arrays = new Map<string, NumericArray>()
  const [a, b] = [Float64Array.of(1), Uint8Array.of(2)]
  const json = encodePlain({ fit: { sums: a, list: [0, { x: b }] } }, [], arrays)
  expect(json).toEqual({
    fit: { sums: { $array: 'fit/sums' }, list: [0, { x: { $array: 'fit/list/1/x' } }] },
  })
  expect([...arrays]).toEqual([
    ['fit/sums', a],
    ['fit/list/1/x', b],
  ])
  expect(thereAndBack({ a })).toEqual({ a })
})

test('gives each place a name of its own, whatever its keys are', () => {
  const [a, b, c, d, e, f] = [1, 2, 3, 4, 5, 6].map(number => Uint8Array.of(number))
  const value = { 'a/b': a, a: { b, '/': c }, 'a~1b': d, '': { x: e }, x: f }
  const arrays = new Map<string, NumericArray>()
  encodePlain(value, [], arrays)
  expect([...arrays]).toEqual([
    ['a~1b', a],
    ['a/b', b],
    ['a/~1', c],
    ['a~01b', d],
    ['/x', e],
    ['x', f],
  ])
  expect(thereAndBack(value)).toEqual(value)
})

test('mistakes no data for its own marks', () => {
  const values = [
    { $number: 'NaN' },
    { $array: 'x' },
    { $$number: '1' },
    { $: 1, $$: 2, a$: 3 },
    { $number: { $array: 1 } },
  ]
  for (const value of values) expect(thereAndBack(value)).toEqual(value)
})

test('leaves out what is undefined, as JSON.stringify does', () => {
  expect(thereAndBack({ a: undefined, b: 1 })).toEqual({ b: 1 })
})

test('gives back whatever it takes', () => {
  const plain = fc.letrec(tie => ({
    value: fc.oneof(
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.float64Array({ maxLength: 3 }),
      fc.uint8Array({ maxLength: 3 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('$number', '$array', 'a', 'a/a', '~', '')),
        tie('value'),
        {
          maxKeys: 3,
          noNullPrototype: true,
        },
      ),
    ),
  })).value
  fc.assert(
    fc.property(plain, value => {
      fc.pre(!JSON.stringify(value).includes('__proto__'))
      expect(thereAndBack(value)).toEqual(value)
    }),
  )
})

describe('refuses what is no plain data, naming its place', () => {
  const deep = (depth: number): Json => (depth === 0 ? 1 : [deep(depth - 1)])
  test.each<[unknown, string]>([
    [() => {}, 'plain data: JSON, numbers, typed arrays'],
    [1n, 'plain data: JSON, numbers, typed arrays'],
    [Symbol('s'), 'plain data: JSON, numbers, typed arrays'],
    [new Map(), 'plain data, no object of a class'],
    [new Date(0), 'plain data, no object of a class'],
    [new BigInt64Array(1), 'plain data, no object of a class'],
    [JSON.parse('{"__proto__":1}'), 'plain data without a key __proto__'],
    [deep(98), 'plain data, nested less than 100 deep'],
  ])('%#', (value, expected) => {
    const encode = () => encodePlain({ a: [value] }, [], new Map())
    expect(encode).toThrow(OptionError)
    expect(encode).toThrow(/^saveModel: a\/0/)
    expect(encode).toThrow(`expected ${expected}`)
  })

  test('but takes what can be read again, nested as deep as that', () => {
    const value = { a: [JSON.parse(JSON.stringify(deep(96)).replace('1', '[]'))] }
    expect(thereAndBack(value)).toEqual(value)
    const number = { a: [JSON.parse(JSON.stringify(deep(96)))] }
    expect(thereAndBack(JSON.parse(JSON.stringify(number)))).toEqual(number)
  })
})

test('reports marks that it never writes', () => {
  const problems: string[] = []
  decodePlain(
    { $other: 1, b: { $number: 'one' }, c: { $array: 'x', d: 1 } },
    () => new Uint8Array(0),
    problem => {
      problems.push(problem)
    },
  )
  expect(problems).toEqual(['$other', '$number', '$array'].map(key => `the key "${key}" is not expected`))
})
