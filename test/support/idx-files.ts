import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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
