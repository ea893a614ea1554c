import { expect, test } from 'vitest'
import { parseIdx } from '../../src/data/idx.ts'
import { TableBuilder } from '../../src/data/table-builder.ts'
import { ConvnetError } from '../../src/errors.ts'
import { random } from '../../src/tensor/random.ts'
import { ArrayWatch } from '../support/array-watch.ts'
import { idxBytes } from '../support/idx-files.ts'
import { mutated } from '../support/mutations.ts'

const COUNT = Number(process.env.MUTATIONS ?? 100_000)

/**
 * Damages files again and again, and throws where reading one does anything but succeed or refuse.
 *
 * @param arrayBytes how large an array may become for a byte of the file
 * @returns how many were read
 */
function readDamaged(
  files: readonly Uint8Array[],
  read: (bytes: Uint8Array) => void,
  arrayBytes: number,
): number {
  const next = random(2, 'mutations')
  const watch = new ArrayWatch()
  let good = 0
  try {
    for (let i = 0; i < COUNT; i++) {
      const bytes = mutated(files[i % files.length], next)
      watch.largest = 0
      try {
        read(bytes)
        good++
      } catch (error) {
        if (!(error instanceof ConvnetError)) throw new Error(`file ${i}: ${error}`, { cause: error })
      }
      if (watch.largest > arrayBytes * bytes.length)
        throw new Error(`file ${i}: an array of ${watch.largest} bytes`)
    }
  } finally {
    watch.stop()
  }
  return good
}

test(`each of ${COUNT} damaged IDX files is read or refused, without larger arrays`, () => {
  const files = [
    idxBytes([2, 3, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    idxBytes([5], [9, 0, 7, 1, 1]),
    // Two numbers of float64, which take 8 bytes each.
    Uint8Array.from([0, 0, 14, 1, 0, 0, 0, 2, ...new Uint8Array(16).fill(0x40)]),
  ]
  const good = readDamaged(files, bytes => parseIdx(bytes, 'damaged'), 1)
  expect(good).toBeGreaterThan(COUNT / 100)
  expect(good).toBeLessThan(COUNT / 2)
})

test(`each of ${COUNT} damaged tables is read or refused, without arrays larger than its numbers`, () => {
  const text = 'label,pixel1,pixel2\n9,0,255\n0,17,3\n7,254,1\n'
  const decoder = new TextDecoder()
  const read = (bytes: Uint8Array) => {
    const [header, ...rows] = decoder.decode(bytes).split('\n')
    const builder = new TableBuilder('damaged', 'float64', header.split(','))
    rows.forEach((row, i) => {
      if (row !== '') builder.add(row.split(','), i + 2, (i + 1) / rows.length)
    })
    builder.finish()
  }
  // A row of `1,1,1\n` is six bytes, and three numbers of eight.
  const good = readDamaged([new TextEncoder().encode(text)], read, 12)
  expect(good).toBeGreaterThan(COUNT / 100)
  expect(good).toBeLessThan(COUNT / 2)
})
