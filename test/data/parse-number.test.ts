import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseNumber } from '../../src/data/parse-number.ts'

describe('parseNumber', () => {
  test.each([
    ['0', 0],
    ['255', 255],
    ['007', 7],
    [' 12 ', 12],
    ['+3', 3],
    ['-1.5', -1.5],
    ['.25', 0.25],
    ['4.', 4],
    ['1e3', 1000],
    ['-2.5E-1', -0.25],
    ['9007199254740993', 9007199254740992],
  ])('reads %j', (text, value) => {
    expect(parseNumber(text)).toBe(value)
  })

  test.each(
    [
      ['', ' ', 'nan', 'NaN', 'NA', 'inf', 'Infinity', '-Infinity', '0x10', '0b1', '1e999', '1_000', '1,5'],
      ['1 2', '--1', '.', 'e5', '1e', 'abc', '5px', '½', '１'],
    ].flat(),
  )('takes %j for no number', text => {
    expect(parseNumber(text)).toBe(Number.NaN)
  })

  test('is soon done with a long row of digits that is no number', () => {
    const start = performance.now()
    expect(parseNumber(`${'1'.repeat(100_000)}x`)).toBe(Number.NaN)
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('reads back every double that is written out', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
        // `String(-0)` is '0'.
        expect(parseNumber(String(value))).toBe(value + 0)
      }),
    )
  })
})
