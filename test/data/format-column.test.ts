import { describe, expect, test } from 'vitest'
import { formatColumn } from '../../src/data/format-column.ts'

// Every expected text is from pandas 3.1.1: `pd.DataFrame({'v': values}).to_string()`.
describe('formatColumn', () => {
  test('prints whole numbers of uint8 plainly', () => {
    expect(formatColumn([0, 7, 255], 'uint8')).toEqual(['0', '7', '255'])
  })

  test.each([
    { values: [1.5, 2, 3.25], texts: ['1.50', '2.00', '3.25'] },
    { values: [10, 200, 3], texts: ['10.0', '200.0', '3.0'] },
    { values: [-1.5, 2, 0], texts: ['-1.5', '2.0', '0.0'] },
    { values: [1 / 3, 2 / 3], texts: ['0.333333', '0.666667'] },
    { values: [0, 0], texts: ['0.0', '0.0'] },
    { values: [1e-6, 1], texts: ['0.000001', '1.000000'] },
    { values: [123456.789, -1], texts: ['123456.789', '-1.000'] },
    { values: [1.23456789e7, 1, 2.5], texts: ['12345678.9', '1.0', '2.5'] },
    { values: [1e7, 1], texts: ['10000000.0', '1.0'] },
  ])('gives $values the same digits after the point', ({ values, texts }) => {
    expect(formatColumn(values, 'float64')).toEqual(texts)
    expect(formatColumn(values, 'float32')).toEqual(texts)
  })

  test.each([
    { values: [1e-7, 1, 2], texts: ['1.000000e-07', '1.000000e+00', '2.000000e+00'] },
    { values: [-1e-7, 5], texts: ['-1.000000e-07', '5.000000e+00'] },
    { values: [1e15, 2], texts: ['1.000000e+15', '2.000000e+00'] },
  ])('gives $values exponents', ({ values, texts }) => {
    expect(formatColumn(values, 'float64')).toEqual(texts)
  })

  test('prints no numbers as no texts', () => {
    expect(formatColumn([], 'float64')).toEqual([])
  })
})
