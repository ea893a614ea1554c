import { expect, test } from 'vitest'
import { readInto } from '../../../src/node/files/read-into.ts'

/** A file that gives up to `most` bytes at a time, and ends at `end`; it writes none of them. */
function fakeFile(most: number, end: number) {
  const reads: [offset: number, length: number, position: number][] = []
  const read = async (buffer: Uint8Array, offset: number, length: number, position: number) => {
    reads.push([offset, length, position])
    return { bytesRead: Math.max(0, Math.min(length, most, end - position)), buffer }
  }
  return { file: { read: read as never }, reads }
}

const GIB = 2 ** 30

test('reads what is larger than 2 GiB in pieces of 1 GiB', async () => {
  const { file, reads } = fakeFile(GIB, 3 * GIB)
  // Never written to, it takes addresses and no memory.
  await readInto(new Uint8Array(2.5 * GIB), file, 7)
  expect(reads).toEqual([
    [0, GIB, 7],
    [GIB, GIB, GIB + 7],
    [2 * GIB, GIB / 2, 2 * GIB + 7],
  ])
})

test('goes on where a read gives fewer bytes, and says where the file ends too early', async () => {
  const { file, reads } = fakeFile(4, 10)
  await readInto(new Uint8Array(10), file, 0)
  expect(reads).toEqual([
    [0, 10, 0],
    [4, 6, 4],
    [8, 2, 8],
  ])
  await expect(readInto(new Uint8Array(11), file, 0)).rejects.toThrow(
    'the file became shorter while it was read',
  )
})
