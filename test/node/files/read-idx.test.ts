import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { DataError, OptionError } from '../../../src/errors.ts'
import { readIdx } from '../../../src/node/files/read-idx.ts'
import { realData, testWithRealData } from '../../support/real-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'read-idx-'))
afterAll(() => rmSync(folder, { recursive: true }))

const IDX = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6)

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function failure(path: string): Promise<string> {
  const error = await readIdx(path).then(
    () => new Error('read without an error'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DataError)
  expect((error as DataError).place.file).toBe(path)
  return (error as DataError).message
}

describe('readIdx', () => {
  test.each([
    ['plain', IDX],
    ['plain.gz', IDX],
    ['packed', gzipSync(IDX)],
    ['packed.gz', gzipSync(IDX)],
  ])('reads %s by its bytes, whatever its name', async (name, bytes) => {
    const x = await readIdx(file(name, bytes))
    expect(x.shape).toEqual([2, 3])
    expect(x.data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6))
  })

  test('names a file that is not there', async () => {
    expect(await failure(join(folder, 'nowhere'))).toContain('nowhere: there is no such file')
  })

  test('refuses folders and devices, and paths that are no text', async () => {
    expect(await failure(folder)).toContain('is a folder, a pipe or a device, expected a file')
    await expect(readIdx(Buffer.from('x') as never)).rejects.toThrow(OptionError)
    await expect(readIdx(null as never)).rejects.toThrow(
      'readIdx: path is null, expected a path, as a string',
    )
  })

  test('says that a file is empty', async () => {
    expect(await failure(file('empty.gz', Buffer.of()))).toContain('the file is empty')
  })

  test('refuses truncated gzip at every length', async () => {
    const packed = gzipSync(IDX)
    for (let length = 2; length < packed.length; length++) {
      expect(await failure(file('cut.gz', packed.subarray(0, length)))).toContain(
        'gzip data is cut off or corrupt (unexpected end of file)',
      )
    }
  })

  test('refuses corrupt gzip, by its checksum at the latest', async () => {
    const packed = gzipSync(IDX)
    packed[packed.length - 6] ^= 1
    expect(await failure(file('corrupt.gz', packed))).toContain('cut off or corrupt (incorrect data check)')
  })

  test('unpacks no more than the header asks for', async () => {
    const bomb = gzipSync(Buffer.concat([IDX, Buffer.alloc(50_000_000)]))
    expect(bomb.length).toBeLessThan(100_000)
    expect(await failure(file('bomb.gz', bomb))).toContain('longer than the dimensions in its header say')
  })

  test('reads gzip with a long name in its header, or with thousands of empty members before the data', async () => {
    const packed = gzipSync(IDX)
    const FNAME = 8
    packed[3] |= FNAME
    const name = Buffer.alloc(3001, 'x').fill(0, 3000)
    const named = Buffer.concat([packed.subarray(0, 10), name, packed.subarray(10)])
    const empties = Array.from({ length: 2000 }, () => gzipSync(''))
    const late = Buffer.concat([...empties, gzipSync(IDX)])
    for (const bytes of [named, late]) {
      const x = await readIdx(file('odd.gz', bytes))
      expect(x.data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6))
    }
  })

  test('believes no header that asks for more than there is', async () => {
    const header = Uint8Array.of(0, 0, 8, 2, 0x7f, 0, 0, 0, 0, 0, 1, 0)
    expect(await failure(file('liar.gz', gzipSync(header)))).toContain('ends after 12 bytes')
  })

  test('finds IDX errors in what it has unpacked', async () => {
    expect(await failure(file('text.gz', gzipSync('label,pixel1')))).toContain('begins 6c 61 62 65')
    expect(await failure(file('short.gz', gzipSync(IDX.subarray(0, 17))))).toContain('ends after 17 bytes')
  })

  testWithRealData('reads the official test images', 't10k-images-idx3-ubyte.gz', async () => {
    const images = await readIdx(join(realData, 't10k-images-idx3-ubyte.gz'))
    expect(images.shape).toEqual([10000, 28, 28])
    // Both from NumPy over the same file.
    let sum = 0
    for (const pixel of images.data) sum += pixel
    expect(sum).toBe(573469082)
    expect(createHash('md5').update(images.data).digest('hex')).toBe('b7656a891b218fc13e45205c48a92cae')
  })
})
