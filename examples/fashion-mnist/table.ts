import { type LabelledImages, type Table, tensor } from 'convnet-ts'

/** Images as the notebook's table has them, whichever files they came from: label, pixel1 … pixel784. */
export function imagesAsTable({ images, labels }: LabelledImages, source: string): Table<Uint8Array> {
  const rows = labels.length
  const pixels = images.data.length / rows
  const values = new Uint8Array(rows * (1 + pixels))
  for (let row = 0; row < rows; row++) {
    const start = row * (1 + pixels)
    values[start] = labels[row]
    values.set(images.data.subarray(row * pixels, (row + 1) * pixels), start + 1)
  }
  return {
    columns: ['label', ...Array.from({ length: pixels }, (_, i) => `pixel${i + 1}`)],
    values: tensor(values, [rows, 1 + pixels]),
    source,
    dtype: 'uint8',
  }
}
