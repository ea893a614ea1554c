import { describe, expect, test } from 'vitest'
import { fromIdx, fromTable } from '../../src/data/labelled-images.ts'
import type { Table } from '../../src/data/table.ts'
import { DataError } from '../../src/errors.ts'
import { tensor } from '../../src/tensor/tensor.ts'

const files = { images: 'images-file', labels: 'labels-file' }
const images = (count: number, height = 28, width = 28) =>
  tensor(
    Uint8Array.from({ length: count * height * width }, (_, i) => i % 251),
    [count, height, width],
  )
const labels = (...values: number[]) => tensor(Uint8Array.from(values), [values.length])

function failure(act: () => unknown): DataError {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    return error as DataError
  }
  throw new Error('no error')
}

describe('fromIdx', () => {
  test('gives images a channel and puts them with their labels', () => {
    const set = fromIdx(images(2), labels(9, 3), files)
    expect(set.images.shape).toEqual([2, 28, 28, 1])
    expect(set.images.get(1, 2, 3, 0)).toBe((784 + 2 * 28 + 3) % 251)
    expect(set.labels).toEqual(Uint8Array.of(9, 3))
  })

  test.each([
    [
      'counts that differ',
      images(2),
      labels(1),
      'labels-file',
      '1 labels, expected 2, one for each image in images-file',
    ],
    [
      'another size',
      images(2, 28, 27),
      labels(1, 2),
      'images-file',
      'a Uint8Array of shape (2, 28, 27), expected images of 28×28',
    ],
    ['labels for images', labels(1), labels(1), 'images-file', 'a Uint8Array of shape (1,), expected images'],
    ['images for labels', images(1), images(1), 'labels-file', 'expected a byte for each image'],
    ['no images', images(0), labels(), 'images-file', 'no images'],
    ['wide numbers', tensor(new Int32Array(784), [1, 28, 28]), labels(1), 'images-file', 'a Int32Array'],
    ['wide labels', images(1), tensor(new Int32Array(1), [1]), 'labels-file', 'a Int32Array'],
  ])('refuses %s', (_, x, y, file, message) => {
    const error = failure(() => fromIdx(x, y, files))
    expect(error.place.file).toBe(file)
    expect(error.message).toContain(message)
  })

  test('says where a label above 9 is', () => {
    const error = failure(() => fromIdx(images(3), labels(9, 0, 10), files))
    expect(error.message).toBe('labels-file, byte 10: the label of image 2 is 10, expected 0 to 9')
  })
})

describe('fromTable', () => {
  const header = ['label', ...Array.from({ length: 784 }, (_, i) => `pixel${i + 1}`)]
  const table = (columns: string[], rows: number[][]): Table<Uint8Array> => ({
    columns,
    values: tensor(Uint8Array.from(rows.flat()), [rows.length, columns.length]),
    source: 'train.csv',
    dtype: 'uint8',
  })
  const row = (label: number, first: number) => [
    label,
    ...Array.from({ length: 784 }, (_, p) => (first + p) % 256),
  ]

  test('takes labels and images apart', () => {
    const set = fromTable(table(header, [row(2, 5), row(9, 100)]))
    expect(set.labels).toEqual(Uint8Array.of(2, 9))
    expect(set.images.shape).toEqual([2, 28, 28, 1])
    expect([set.images.get(0, 0, 0, 0), set.images.get(1, 0, 0, 0), set.images.get(1, 1, 2, 0)]).toEqual([
      5, 100, 130,
    ])
    expect(set.images.get(1, 27, 27, 0)).toBe((100 + 783) % 256)
  })

  test('names the row of a label above 9, the header being row 1', () => {
    const error = failure(() => fromTable(table(header, [row(2, 5), row(10, 0)])))
    expect(error.message).toBe('train.csv, row 3, column label: the label is 10, expected 0 to 9')
  })

  test('refuses other columns, naming the first', () => {
    const few = failure(() => fromTable(table(header.slice(0, 784), [row(1, 1).slice(0, 784)])))
    expect(few.message).toBe('train.csv, row 1: 784 columns, expected 785: label, pixel1 … pixel784')
    const last = failure(() => fromTable(table([...header.slice(1), 'label'], [row(1, 1)])))
    expect(last.message).toBe('train.csv, row 1, column pixel1: column 1 of the header, expected label')
    const swapped = header.with(300, 'pixel301').with(301, 'pixel300')
    expect(failure(() => fromTable(table(swapped, [row(1, 1)]))).message).toContain(
      'column pixel301: column 301 of the header, expected pixel300',
    )
  })
})
