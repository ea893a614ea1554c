import { describe, expect, test } from 'vitest'
import { parseIdx } from '../../src/data/idx.ts'
import { DataError, OptionError } from '../../src/errors.ts'

/** An IDX file: element type, dimensions, the elements' bytes. */
function idx(type: number, shape: readonly number[], elements: readonly number[]): Uint8Array {
  const dimensions = shape.flatMap(length => [length >>> 24, length >>> 16, length >>> 8, length])
  return Uint8Array.from([0, 0, type, shape.length, ...dimensions, ...elements])
}

function failure(bytes: Uint8Array): DataError {
  try {
    parseIdx(bytes, 'some-idx')
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    return error as DataError
  }
  throw new Error('parseIdx accepted the bytes')
}

describe('parseIdx', () => {
  test('reads bytes with the last axis fastest, sharing their memory', () => {
    const bytes = idx(8, [2, 1, 3], [1, 2, 3, 4, 5, 255])
    const x = parseIdx(bytes, 'x')
    expect(x.shape).toEqual([2, 1, 3])
    expect(x.data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 255))
    expect([x.get(1, 0, 0), x.get(0, 0, 2)]).toEqual([4, 3])
    expect(x.data.buffer).toBe(bytes.buffer)
  })

  test('reads signed, wide and floating numbers as big-endian', () => {
    expect(parseIdx(idx(9, [2], [0xff, 0x7f]), 'x').data).toEqual(Int8Array.of(-1, 127))
    expect(parseIdx(idx(11, [2], [0x80, 0, 1, 2]), 'x').data).toEqual(Int16Array.of(-32768, 258))
    expect(parseIdx(idx(12, [1], [0xff, 0xff, 0xff, 0xfe]), 'x').data).toEqual(Int32Array.of(-2))
    expect(parseIdx(idx(13, [1], [0x3f, 0xc0, 0, 0]), 'x').data).toEqual(Float32Array.of(1.5))
    expect(parseIdx(idx(14, [1], [0xc0, 0x04, 0, 0, 0, 0, 0, 0]), 'x').data).toEqual(Float64Array.of(-2.5))
  })

  test('reads a view into a larger buffer', () => {
    const around = new Uint8Array(40).fill(7)
    around.set(idx(11, [2], [0, 1, 0, 2]), 5)
    expect(parseIdx(around.subarray(5, 17), 'x').data).toEqual(Int16Array.of(1, 2))
  })

  test('reads a set without elements', () => {
    const x = parseIdx(idx(8, [0, 28, 28], []), 'x')
    expect([x.shape, x.data.length]).toEqual([[0, 28, 28], 0])
  })

  test.each([
    ['nothing', [], 'the file is empty, expected an IDX file'],
    ['half a magic number', [0, 0], 'the file ends after 2 bytes, expected an IDX file'],
    ['half a header', [0, 0, 8, 2, 0, 0, 0, 1, 0], 'the file ends in its header, expected 12 bytes of it'],
  ])('refuses %s', (_, bytes, message) => {
    const error = failure(Uint8Array.from(bytes))
    expect(error.place).toEqual({ file: 'some-idx', byte: bytes.length })
    expect(error.message).toBe(`some-idx, byte ${bytes.length}: ${message}`)
  })

  test('refuses other files by their first bytes, and says which it expects', () => {
    const text = failure(new TextEncoder().encode('label,pixel1'))
    expect(text.message).toMatch(
      /^some-idx, byte 0: the file begins 6c 61 62 65, expected .*00 00 08 \(uint8\)/,
    )
    expect(failure(idx(10, [1], [0])).message).toContain('begins 00 00 0a 01')
  })

  test.each([
    ['an ArrayBuffer', new ArrayBuffer(12)],
    ['null', null],
    ['an array', [0, 0, 8, 1]],
  ])('refuses %s for bytes', (_, bytes) => {
    expect(() => parseIdx(bytes as never, 'x')).toThrow(OptionError)
    expect(() => parseIdx(bytes as never, 'x')).toThrow(/^parseIdx: bytes is .*, expected a Uint8Array$/)
  })

  test('refuses a file without dimensions', () => {
    expect(failure(idx(8, [], [5])).message).toBe('some-idx, byte 3: 0 dimensions, expected at least 1')
  })

  test('says where a truncated file ends, and where bytes trail', () => {
    const short = failure(idx(12, [2, 2], new Array(15).fill(0)))
    expect(short.place.byte).toBe(27)
    expect(short.message).toContain('ends after 27 bytes, expected 28 for the shape (2, 2)')
    const long = failure(idx(8, [2], [1, 2, 3, 4, 5]))
    expect(long.place.byte).toBe(10)
    expect(long.message).toContain('3 more bytes')
  })

  test('refuses dimensions that exceed the bytes or overflow, without allocating them', () => {
    expect(failure(idx(8, [0xffffffff, 4], [0])).message).toContain('expected 17179869192')
    expect(failure(idx(8, [0xffffffff, 0xffffffff, 1], [])).message).toContain(
      'the dimensions (4294967295, 4294967295, 1) are more than any file can hold',
    )
    // 2³² · 2³² would be 0 in 64-bit arithmetic.
    expect(failure(idx(14, [0x80000000, 0x80000000, 4], [])).message).toContain('more than any file')
  })
})
