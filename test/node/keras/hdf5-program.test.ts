import { describe, expect, test } from 'vitest'
import { Problems } from '../../../src/io/problems.ts'
import { goldenFile, openHere } from '../../support/keras-models.ts'

const kernel = 'model_weights/dense_3/dense_3/kernel:0'

/** Reads a file after one byte of it has become another. */
async function readWith(offset: number, from: number, to: number): Promise<readonly number[]> {
  const bytes = goldenFile('keras2-tiny.h5')
  expect(bytes[offset]).toBe(from)
  bytes[offset] = to
  const { read } = await openHere(bytes, new Problems('a.h5'))
  const [numbers] = await read([kernel])
  return [...numbers]
}

describe('hdf5Program', () => {
  test('reads the numbers of a dataset', async () => {
    const [a, b] = await readWith(8, 0, 0)
    // What Keras predicts of [0, 37/101] and [74/101, 10/101], by a bias of 0.
    expect((37 / 101) * b).toBeCloseTo(0.165_339_574, 6)
    expect((74 / 101) * a + (10 / 101) * b).toBeCloseTo(0.976_042_688, 6)
  })

  test('refuses a list of texts that is told to have two thousand million', async () => {
    await expect(readWith(1859, 0, 0x80)).rejects.toThrow('far more than it has')
  })

  test('refuses a dataset in chunks, which may be packed', async () => {
    await expect(readWith(7833, 1, 2)).rejects.toThrow(`${kernel} lies in chunks, which Keras does not make`)
  })

  test('tells what the reader stumbles over as damage', async () => {
    await expect(readWith(7839, 0, 0x80)).rejects.toThrow('it is cut off or damaged (Offset is outside')
  })
})
