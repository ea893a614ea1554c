import { type Tensor, tensor } from 'convnet-ts'

/** Drawn pictures in bytes and their classes; pixels are Rescaling's to scale. */
export interface DrawnImages {
  readonly images: Tensor<Uint8Array>
  readonly labels: Uint8Array
}

/** Different pictures; they come again and again where more are asked for. */
const DIFFERENT = 2048

/** Pictures, two fifths of them zeros as in Fashion-MNIST, with a bright band that tells the class. */
export function drawnImages(rows: number, side = 28, channels = 1): DrawnImages {
  const next = numbers(1)
  const size = side * side * channels
  const different = Math.min(rows, DIFFERENT)
  const bytes = new Uint8Array(rows * size)
  const labels = new Uint8Array(rows)
  for (let row = 0; row < different; row++) {
    const image = bytes.subarray(row * size, (row + 1) * size)
    for (let i = 0; i < size; i++) image[i] = next() < 0.4 ? 0 : Math.ceil(255 * next())
    labels[row] = Math.floor(10 * next())
    const top = Math.floor(((labels[row] + 1) * side) / 12)
    image.fill(255, top * side * channels, (top + 1) * side * channels)
  }
  for (let row = different; row < rows; row += different) {
    bytes.copyWithin(row * size, 0, Math.min(different, rows - row) * size)
    labels.copyWithin(row, 0, Math.min(different, rows - row))
  }
  return { images: tensor(bytes, [rows, side, side, channels]), labels }
}

/** Draws from [0, 1), many in a short time: xorshift32 (Marsaglia 2003). */
export function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
