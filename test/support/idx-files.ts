import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FashionMnist, LabelledImages } from 'convnet-ts'

/** The bytes of an IDX file of uint8. */
export function idxBytes(shape: readonly number[], elements: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header[2] = 8
  header[3] = shape.length
  shape.forEach((length, axis) => {
    header.writeUInt32BE(length, 4 + 4 * axis)
  })
  return Buffer.concat([header, Uint8Array.from(elements)])
}

/** Pixel `p` of image `i` in the small sets that tests write. */
export const pixelOf = (i: number, p: number): number => (i * 31 + p) % 256

/** Bytes of `count` images of 28×28 for `pixelOf`. */
export function someImages(count: number): Buffer {
  return idxBytes(
    [count, 28, 28],
    Array.from({ length: count * 784 }, (_, k) => pixelOf(Math.floor(k / 784), k % 784)),
  )
}

/** Writes the four official files, plain, small, under the names that `rename` gives them. */
export function writeSmallSet(folder: string, rename = (name: string) => name): void {
  mkdirSync(folder, { recursive: true })
  const put = (name: string, bytes: Buffer) => writeFileSync(join(folder, rename(name)), bytes)
  put('train-images-idx3-ubyte', someImages(3))
  put('train-labels-idx1-ubyte', idxBytes([3], [9, 0, 7]))
  put('t10k-images-idx3-ubyte', someImages(2))
  put('t10k-labels-idx1-ubyte', idxBytes([2], [4, 1]))
}

/** Writes the beginning of a set as IDX files. */
export function writeSet(
  folder: string,
  { train, test }: FashionMnist,
  trainRows: number,
  testRows: number,
): void {
  const write = (name: string, { images, labels }: LabelledImages, rows: number) => {
    const pixels = images.data.subarray(0, rows * 784)
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idxBytes([rows, 28, 28], pixels))
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), idxBytes([rows], labels.subarray(0, rows)))
  }
  write('train', train, trainRows)
  write('t10k', test, testRows)
}
