import { describe, expect, test } from 'vitest'
import { ModelFileError } from '../../../src/errors.ts'
import { arrayFrom } from '../../../src/io/safetensors/format.ts'
import { readSafetensors } from '../../../src/io/safetensors/read-safetensors.ts'
import { safetensorsBytes } from '../../support/safetensors-files.ts'

/** What is wrong with bytes. */
function problemsOf(bytes: Uint8Array): readonly string[] {
  try {
    readSafetensors(bytes, 'a.safetensors')
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileError)
    expect((error as ModelFileError).file).toBe('a.safetensors')
    return (error as ModelFileError).problems
  }
  return []
}

const f32 = (shape: readonly unknown[], from: unknown, to: unknown) => ({
  dtype: 'F32',
  shape,
  data_offsets: [from, to],
})

test('reads tensors and texts, from bytes at any place of their memory', () => {
  const data = new Uint8Array(Float32Array.of(1, -2, 0.5).buffer)
  const header = { __metadata__: { a: 'b' }, v: f32([2], 0, 8), s: f32([], 8, 12), none: f32([0, 5], 12, 12) }
  const bytes = safetensorsBytes(header, data)
  const odd = new Uint8Array(bytes.length + 3)
  odd.set(bytes, 3)
  for (const place of [bytes, odd.subarray(3), Buffer.from(bytes)]) {
    const { metadata, tensors } = readSafetensors(place, 'a')
    expect([...metadata]).toEqual([['a', 'b']])
    expect([...tensors.keys()]).toEqual(['v', 's', 'none'])
    expect(tensors.get('v')).toMatchObject({ dtype: 'F32', shape: [2] })
    expect(arrayFrom(tensors.get('v')!)).toEqual(Float32Array.of(1, -2))
    expect(arrayFrom(tensors.get('s')!)).toEqual(Float32Array.of(0.5))
    expect(arrayFrom(tensors.get('none')!)).toEqual(new Float32Array(0))
  }
})

test('takes a header with spaces behind it, and bytes at any offset', () => {
  const bytes = safetensorsBytes(
    `${JSON.stringify({ a: { ...f32([3], 0, 3), dtype: 'U8' }, b: f32([1], 3, 7) })}   `,
    7,
  )
  expect([...readSafetensors(bytes, 'a').tensors.keys()]).toEqual(['a', 'b'])
})

describe('refuses what ends too early, or is none', () => {
  test.each([
    [
      new Uint8Array(0),
      'is empty, expected a safetensors file, whose first 8 bytes tell the length of its header',
    ],
    [new Uint8Array(7), /^ends after 7 bytes, expected a safetensors file/],
    [Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0x7b), 'ends after 9 bytes, expected a header up to byte 11'],
    [
      new Uint8Array(100).fill(255),
      /^is no safetensors file: its header would take 184467440737095\d+ bytes/,
    ],
    [Uint8Array.of(1, 0xe1, 0xf5, 5, 0, 0, 0, 0), /would take 100000001 bytes, 20000000 are allowed/],
  ])('%#', (bytes, problem) => {
    expect(problemsOf(bytes)).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ])
  })
})

describe('refuses a header that is no JSON text in UTF-8', () => {
  test.each([
    ['{', /no JSON text in UTF-8/],
    ['', /no JSON text in UTF-8/],
    ['\ufeff{}', /no JSON text in UTF-8/],
    ['{"a":1,"a":1}', /no JSON text in UTF-8 \(the key "a" stands twice in one object\)/],
    [`${'['.repeat(200)}${']'.repeat(200)}`, /nested more than 100 deep/],
    ['[]', 'its header is not a JSON object, expected tensors by name'],
    ['null', 'its header is not a JSON object, expected tensors by name'],
  ])('%j', (text, problem) => {
    expect(problemsOf(safetensorsBytes(text))).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ])
  })

  test('bad UTF-8', () => {
    const bytes = safetensorsBytes('{"a":"_"}')
    bytes[8 + 6] = 0xff
    expect(problemsOf(bytes)).toEqual([expect.stringMatching(/^its header is no JSON text in UTF-8/)])
  })
})

describe('lists all that is wrong with tensors', () => {
  const shapes = 'expected a list of up to 64 whole numbers of at least 0'
  const types = 'expected one of BOOL, U8, I8, U16, I16, F16, BF16, U32, I32, F32, U64, I64, F64'
  test.each<[object, string]>([
    [{ a: 1 }, 'tensor "a": is 1, expected dtype, shape and data_offsets'],
    [{ a: null }, 'tensor "a": is null, expected dtype, shape and data_offsets'],
    [{ a: {} }, `tensor "a": dtype is undefined, ${types}`],
    [{ a: { ...f32([2], 0, 8), dtype: 'F8_E4M3' } }, `tensor "a": dtype is "F8_E4M3", ${types}`],
    [{ a: { ...f32([2], 0, 8), dtype: ['F32'] } }, `tensor "a": dtype is ["F32"], ${types}`],
    [{ a: { ...f32([2], 0, 8), dtype: 'toString' } }, `tensor "a": dtype is "toString", ${types}`],
    [{ a: f32([-2], 0, 8) }, `tensor "a": shape is [-2], ${shapes}`],
    [{ a: f32([1.5], 0, 8) }, `tensor "a": shape is [1.5], ${shapes}`],
    [{ a: f32(['2'], 0, 8) }, `tensor "a": shape is ["2"], ${shapes}`],
    [{ a: f32([2 ** 53], 0, 8) }, `tensor "a": shape is [9007199254740992], ${shapes}`],
    [{ a: f32(Array(65).fill(1), 0, 8) }, `tensor "a": shape is [1, 1, 1, 1, 1, 1, … 65 in all], ${shapes}`],
    [{ a: f32([2], 0, 9) }, 'tensor "a": lies from byte 0 to 9, expected a place within the 8 bytes of data'],
    [{ a: f32([2], 8, 0) }, 'tensor "a": lies from byte 8 to 0, expected a place within the 8 bytes of data'],
    [{ a: f32([2], -8, 0) }, 'tensor "a": data_offsets is [-8, 0], expected two whole numbers of at least 0'],
    [
      { a: f32([2], 0, 1e300) },
      'tensor "a": data_offsets is [0, 1e+300], expected two whole numbers of at least 0',
    ],
    [
      { a: f32([2], 0.5, 8) },
      'tensor "a": data_offsets is [0.5, 8], expected two whole numbers of at least 0',
    ],
    [
      { a: { ...f32([2], 0, 8), data_offsets: [0] } },
      'tensor "a": data_offsets is [0], expected two whole numbers of at least 0',
    ],
    [{ a: f32([3], 0, 8) }, 'tensor "a": has 8 bytes, expected 12 for (3,) of F32'],
    [
      { a: f32([2 ** 40, 2 ** 40, 0], 0, 8) },
      'tensor "a": has 8 bytes, expected 0 for (1099511627776, 1099511627776, 0) of F32',
    ],
    [{ __metadata__: { a: 1 }, a: f32([2], 0, 8) }, '__metadata__: "a" is 1, expected a text'],
    [{ __metadata__: 'a', a: f32([2], 0, 8) }, '__metadata__ is "a", expected an object of texts'],
  ])('%#: %j', (header, problem) => {
    expect(problemsOf(safetensorsBytes(header, 8))).toEqual([problem])
  })

  test('of several', () => {
    expect(problemsOf(safetensorsBytes({ a: f32([1], 0, 8), b: 2, __metadata__: 3 }, 8))).toEqual([
      '__metadata__ is 3, expected an object of texts',
      'tensor "a": has 8 bytes, expected 4 for (1,) of F32',
      'tensor "b": is 2, expected dtype, shape and data_offsets',
    ])
  })

  test('up to a hundred', () => {
    const problems = problemsOf(
      safetensorsBytes(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`t${i}`, 0]))),
    )
    expect(problems).toHaveLength(101)
    expect(problems.at(-1)).toBe('and 900 more of the kind')
  })
})

describe('refuses bytes that belong to two tensors, or to none', () => {
  test.each([
    [{ a: f32([2], 0, 8), b: f32([2], 4, 12) }, ['tensors "a" and "b" overlap at byte 4 of the data']],
    [{ a: f32([3], 0, 12), b: f32([1], 4, 8) }, ['tensors "a" and "b" overlap at byte 4 of the data']],
    [{ a: f32([1], 0, 4), b: f32([1], 8, 12) }, ['bytes 4 to 8 of the data belong to no tensor']],
    [{ a: f32([2], 4, 12) }, ['bytes 0 to 4 of the data belong to no tensor']],
    [{ a: f32([1], 0, 4) }, ['bytes 4 to 12 of the data belong to no tensor']],
    [{}, ['bytes 0 to 12 of the data belong to no tensor']],
    [{ b: f32([1], 8, 12), a: f32([2], 0, 8) }, []],
  ])('%#: %j', (header, problems) => {
    expect(problemsOf(safetensorsBytes(header, 12))).toEqual(problems)
  })
})

test('takes __proto__ for a name like any other', () => {
  const header = `{"__metadata__":{"__proto__":"x"},"__proto__":${JSON.stringify(f32([1], 0, 4))}}`
  const { metadata, tensors } = readSafetensors(safetensorsBytes(header, 4), 'a')
  expect([...metadata]).toEqual([['__proto__', 'x']])
  expect([...tensors.keys()]).toEqual(['__proto__'])
  expect('shape' in {}).toBe(false)
})
