import { readFileSync } from 'node:fs'
import { tensor } from 'convnet-ts'
import { expect, test } from 'vitest'
import { npy } from '../../src/io/npy.ts'

interface Golden {
  shape: number[]
  /** Base64. */
  file: string
}

const golden: Golden[] = JSON.parse(readFileSync(new URL('../golden/npy.json', import.meta.url), 'utf8'))

/** (i − 1) / 3, as npy.py has it. */
function numbers(shape: readonly number[]) {
  const size = shape.reduce((a, b) => a * b, 1)
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.fround(i - 1) / 3),
    shape,
  )
}

test.each(golden)('a file has the bytes of numpy.save: $shape', ({ shape, file }) => {
  expect(Buffer.from(npy(numbers(shape))).toString('base64')).toBe(file)
})

test('a view is written in the order that one sees', () => {
  expect(npy(numbers([2, 3]).transpose(1, 0))).toEqual(
    npy(tensor(Float32Array.of(-1 / 3, 2 / 3, 0, 1, 1 / 3, 4 / 3), [3, 2])),
  )
})
