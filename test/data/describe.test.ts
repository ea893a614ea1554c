import { describe, expect, test } from 'vitest'
import { head, info } from '../../src/data/describe.ts'
import type { Table } from '../../src/data/table.ts'
import { tensor } from '../../src/tensor/tensor.ts'

const images: Table = {
  columns: Array.from({ length: 785 }, (_, i) => (i === 0 ? 'label' : `pixel${i}`)),
  values: tensor(
    new Uint8Array(12 * 785).map((_, i) => (i % 785 === 0 ? i / 785 : i % 785 === 783 ? 43 : 0)),
    [12, 785],
  ),
  source: 'images.csv',
  dtype: 'uint8',
}

const numbers: Table = {
  columns: ['a', 'long_name', 'e'],
  values: tensor(new Float64Array([1.5, 10, 1e-7, 2, 200, 1, 3.25, 3, 2]), [3, 3]),
  source: 'numbers.csv',
  dtype: 'float64',
}

describe('head', () => {
  // The texts are pandas 3.1.1's `to_string(max_cols=20)`, with the size as its notebooks print it.
  test('shows the first and the last ten columns of many', () => {
    expect(head(images, 2)).toBe(
      [
        '   label  pixel1  pixel2  pixel3  pixel4  pixel5  pixel6  pixel7  pixel8  pixel9  ...' +
          '  pixel775  pixel776  pixel777  pixel778  pixel779  pixel780  pixel781  pixel782  pixel783  pixel784',
        '0      0       0       0       0       0       0       0       0       0       0  ...' +
          '         0         0         0         0         0         0         0         0        43         0',
        '1      1       0       0       0       0       0       0       0       0       0  ...' +
          '         0         0         0         0         0         0         0         0        43         0',
        '',
        '2 rows × 785 columns',
      ].join('\n'),
    )
  })

  test('shows five rows unless told otherwise, and no more than there are', () => {
    expect(head(images, undefined, 4)).toBe(
      `
   label  pixel1  ...  pixel783  pixel784
0      0       0  ...        43         0
1      1       0  ...        43         0
2      2       0  ...        43         0
3      3       0  ...        43         0
4      4       0  ...        43         0

5 rows × 785 columns`.slice(1),
    )
    expect(head(images, 100, 2).split('\n').slice(-5)).toEqual([
      '9       9  ...         0',
      '10     10  ...         0',
      '11     11  ...         0',
      '',
      '12 rows × 785 columns',
    ])
  })

  test('shows all columns of a narrow table, and then no size', () => {
    expect(head(numbers)).toBe(
      `
      a  long_name             e
0  1.50       10.0  1.000000e-07
1  2.00      200.0  1.000000e+00
2  3.25        3.0  2.000000e+00`.slice(1),
    )
  })
})

describe('info', () => {
  test('sums up many columns in a line', () => {
    expect(info(images)).toBe(
      `
<class 'Table'>
RangeIndex: 12 entries, 0 to 11
Columns: 785 entries, label to pixel784
dtypes: uint8(785)
memory usage: 9.2 KB`.slice(1),
    )
  })

  test('counts memory in units of 1024', () => {
    const values = tensor(new Uint8Array(60_000 * 785), [60_000, 785])
    expect(info({ ...images, values })).toContain('0 to 59999\n')
    expect(info({ ...images, values })).toContain('memory usage: 44.9 MB')
  })

  test('lists up to a hundred columns', () => {
    expect(info(numbers)).toBe(
      `
<class 'Table'>
RangeIndex: 3 entries, 0 to 2
Data columns (total 3 columns):
 #   Column     Non-Null Count  Dtype
---  ------     --------------  -----
 0   a          3 non-null      float64
 1   long_name  3 non-null      float64
 2   e          3 non-null      float64
dtypes: float64(3)
memory usage: 72.0 bytes`.slice(1),
    )
  })
})
