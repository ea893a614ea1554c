import { describe, expect, test } from 'vitest'
import { column, type Table, unique } from '../../src/data/table.ts'
import { OptionError } from '../../src/errors.ts'
import { tensor } from '../../src/tensor/tensor.ts'

const table: Table<Uint8Array> = {
  columns: ['label', 'pixel1', 'pixel2'],
  values: tensor(new Uint8Array([9, 0, 1, 2, 0, 3, 9, 0, 5]), [3, 3]),
  source: 'three.csv',
  dtype: 'uint8',
}

describe('column', () => {
  test('is a view of the table', () => {
    const labels = column(table, 'label')
    expect(labels.shape).toEqual([3])
    expect([0, 1, 2].map(row => labels.get(row))).toEqual([9, 2, 9])
    expect(labels.data).toBe(table.values.data)
  })

  test('names the columns where there is none of that name', () => {
    expect(() => column(table, 'Label')).toThrow(
      new OptionError('column', 'name', 'Label', 'one of the 3 columns: label, pixel1, pixel2'),
    )
    const columns = Array.from({ length: 785 }, (_, i) => (i === 0 ? 'label' : `pixel${i}`))
    const wide = { ...table, columns, values: tensor(new Uint8Array(785), [1, 785]) }
    expect(() => column(wide, 'pixel785')).toThrow('one of the 785 columns: label … pixel784')
  })
})

describe('unique', () => {
  test('gives values in order of appearance', () => {
    expect(unique(table, 'label')).toEqual([9, 2])
    expect(unique(table, 'pixel1')).toEqual([0])
    expect(unique(table, 'pixel2')).toEqual([1, 3, 5])
  })
})
