import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DType } from '../../src/data/table.ts'
import { TableBuilder } from '../../src/data/table-builder.ts'
import { DataError } from '../../src/errors.ts'
import { expectSameBits } from '../support/compare.ts'

const build = (dtype: DType, rows: string[][], columns = ['label', 'pixel1']) => {
  const builder = new TableBuilder('a.csv', dtype, columns)
  rows.forEach((fields, i) => {
    builder.add(fields, i + 2, (i + 1) / rows.length)
  })
  return builder.finish()
}

describe('TableBuilder', () => {
  test('keeps rows in an array of the type', () => {
    const table = build('float32', [
      ['1', '0.1'],
      ['-2', '1e-3'],
    ])
    expect(table.values.shape).toEqual([2, 2])
    expect(table.values.data).toBeInstanceOf(Float32Array)
    expectSameBits(table.values.data, Float32Array.of(1, 0.1, -2, 0.001))
    expect(table).toMatchObject({ columns: ['label', 'pixel1'], source: 'a.csv', dtype: 'float32' })
  })

  test('grows from any foretelling, good or bad', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fractions => {
          const builder = new TableBuilder('a.csv', 'float64', ['a', 'b'])
          fractions.forEach((fraction, i) => {
            builder.add([String(i), String(-i / 2)], i + 2, fraction)
          })
          const { values } = builder.finish()
          expect(values.shape).toEqual([fractions.length, 2])
          expectSameBits(
            values.data,
            fractions.flatMap((_, i) => [i, i === 0 ? 0 : -i / 2]),
          )
        },
      ),
    )
  })

  test.each([
    ['uint8', '', 'is blank, expected a whole number from 0 to 255'],
    ['uint8', '  ', 'is blank, expected a whole number from 0 to 255'],
    ['uint8', 'cat', 'found "cat", expected a whole number from 0 to 255'],
    ['uint8', 'nan', 'found "nan", expected a whole number from 0 to 255'],
    ['uint8', '-1', 'found "-1", expected a whole number from 0 to 255'],
    ['uint8', '256', 'found "256", expected a whole number from 0 to 255'],
    ['uint8', '1.5', 'found "1.5", expected a whole number from 0 to 255'],
    ['float64', '', 'is blank, expected a number'],
    ['float64', 'NaN', 'found "NaN", expected a number'],
    ['float64', 'inf', 'found "inf", expected a number'],
    ['float64', '1e999', 'found "1e999", expected a number'],
    ['float32', '1e39', 'found "1e39", expected a number that float32 can hold'],
  ] as const)('%s refuses %j', (dtype, field, why) => {
    const rows = [
      ['1', '2'],
      ['3', field],
    ]
    expect(() => build(dtype, rows)).toThrow(new DataError({ file: 'a.csv', row: 3, column: 'pixel1' }, why))
  })

  test('uint8 takes whole numbers however they are written', () => {
    const rows = [
      ['0', '255'],
      ['-0', '255.0'],
      [' 7', '1e2'],
    ]
    expectSameBits(build('uint8', rows).values.data, [0, 255, 0, 255, 7, 100])
  })

  test('names the first missing column, or the number of fields that are too many', () => {
    expect(() => build('uint8', [['1']])).toThrow(
      'a.csv, row 2, column pixel1: is missing: the row has 1 fields, expected 2',
    )
    expect(() => build('uint8', [['1', '2', '3']])).toThrow('a.csv, row 2: has 3 fields, expected 2')
  })

  test('refuses a header with a name that is missing or stands twice', () => {
    expect(() => build('uint8', [], ['label', ' '])).toThrow(
      'a.csv, row 1: column 2 has no name in the header',
    )
    expect(() => build('uint8', [], ['a', 'b', 'a'])).toThrow(
      'a.csv, row 1, column a: the name stands twice in the header, over columns 1 and 3',
    )
  })

  test('refuses a table without rows', () => {
    expect(() => build('uint8', [])).toThrow(
      new DataError({ file: 'a.csv' }, 'has a header, but no rows under it'),
    )
  })
})
