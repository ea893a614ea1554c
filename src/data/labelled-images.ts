import { DataError } from '../errors.ts'
import { formatShape } from '../tensor/shape.ts'
import { flat, type NumericArray, type Tensor, tensor } from '../tensor/tensor.ts'
import { classNames, type LabelledImages, SIDE } from './fashion-mnist.ts'
import type { Table } from './table.ts'

const PIXELS = SIDE * SIDE
const LAST_LABEL = classNames.length - 1

/**
 * Puts the contents of two IDX files together, after checking that they belong together.
 *
 * @param images uint8 [images, 28, 28]
 * @param labels uint8 [images]
 * @param files the files' names, for errors
 * @throws DataError where a shape or type is another, there are no images, the counts differ, or a label is above 9
 */
export function fromIdx(
  images: Tensor<NumericArray>,
  labels: Tensor<NumericArray>,
  files: { readonly images: string; readonly labels: string },
): LabelledImages {
  const [count, height, width] = images.shape
  if (images.dimension !== 3 || height !== SIDE || width !== SIDE || !(images.data instanceof Uint8Array)) {
    throw new DataError({ file: files.images }, `${found(images)}, expected images of 28×28 bytes`)
  }
  if (labels.dimension !== 1 || !(labels.data instanceof Uint8Array)) {
    throw new DataError({ file: files.labels }, `${found(labels)}, expected a byte for each image`)
  }
  if (count === 0) throw new DataError({ file: files.images }, 'no images, expected at least 1')
  if (labels.shape[0] !== count) {
    throw new DataError(
      { file: files.labels },
      `${labels.shape[0]} labels, expected ${count}, one for each image in ${files.images}`,
    )
  }
  const wrong = labels.data.findIndex(label => label > LAST_LABEL)
  if (wrong >= 0) {
    throw new DataError(
      { file: files.labels, byte: 8 + wrong },
      `the label of image ${wrong} is ${labels.data[wrong]}, expected 0 to ${LAST_LABEL}`,
    )
  }
  return { images: tensor(images.data, [count, SIDE, SIDE, 1]), labels: labels.data }
}

/**
 * Takes a table apart that was read from one of Kaggle's CSV files: a column `label`, then `pixel1` … `pixel784`.
 *
 * @throws DataError where the columns are others, or a label is above 9
 */
export function fromTable({ columns, values, source }: Table<Uint8Array>): LabelledImages {
  if (columns.length !== 1 + PIXELS) {
    throw new DataError(
      { file: source, row: 1 },
      `${columns.length} columns, expected ${1 + PIXELS}: label, pixel1 … pixel${PIXELS}`,
    )
  }
  for (const [i, column] of columns.entries()) {
    const expected = i === 0 ? 'label' : `pixel${i}`
    if (column !== expected) {
      throw new DataError(
        { file: source, row: 1, column },
        `column ${i + 1} of the header, expected ${expected}`,
      )
    }
  }
  const count = values.shape[0]
  const fields = flat(values)
  const labels = new Uint8Array(count)
  const images = new Uint8Array(count * PIXELS)
  for (let i = 0; i < count; i++) {
    const start = i * columns.length
    const label = fields[start]
    if (label > LAST_LABEL) {
      const place = { file: source, row: i + 2, column: 'label' }
      throw new DataError(place, `the label is ${label}, expected 0 to ${LAST_LABEL}`)
    }
    labels[i] = label
    images.set(fields.subarray(start + 1, start + columns.length), i * PIXELS)
  }
  return { images: tensor(images, [count, SIDE, SIDE, 1]), labels }
}

function found({ data, shape }: Tensor<NumericArray>): string {
  return `it holds a ${data.constructor.name} of shape ${formatShape(shape)}`
}
