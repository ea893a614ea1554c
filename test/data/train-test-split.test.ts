import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SplitOptions, trainTestSplit } from '../../src/data/train-test-split.ts'
import { OptionError, ShapeError } from '../../src/errors.ts'
import { flat, tensor } from '../../src/tensor/tensor.ts'
import { expectSameBits } from '../support/compare.ts'

const count = (n: number) => Float64Array.from({ length: n }, (_, i) => i)

const sizes = (n: number, options: SplitOptions) => {
  const { yTrain, yTest } = trainTestSplit(count(n), count(n), options)
  return [yTrain.length, yTest.length]
}

describe('trainTestSplit', () => {
  // Counts from scikit-learn 1.9.1: `[len(part) for part in train_test_split(np.arange(n), **options)]`.
  test.each([
    { n: 10, options: {}, parts: [7, 3] },
    { n: 11, options: {}, parts: [8, 3] },
    { n: 7, options: { testSize: 0.3 }, parts: [4, 3] },
    { n: 10, options: { testSize: 3 }, parts: [7, 3] },
    { n: 10, options: { trainSize: 0.55 }, parts: [5, 5] },
    { n: 10, options: { trainSize: 4 }, parts: [4, 6] },
    { n: 10, options: { testSize: 0.25, trainSize: 0.5 }, parts: [5, 3] },
    { n: 10, options: { testSize: 2, trainSize: 0.33 }, parts: [3, 2] },
    { n: 60_000, options: { testSize: 0.2 }, parts: [48_000, 12_000] },
    { n: 3, options: { testSize: 0.01 }, parts: [2, 1] },
  ])('counts $n rows with $options as scikit-learn does', ({ n, options, parts }) => {
    expect(sizes(n, options)).toEqual(parts)
    expect(sizes(n, { ...options, shuffle: false })).toEqual(parts)
  })

  test('deals out every row once and keeps x and y paired', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        fc.nat(),
        fc.boolean(),
        (n, testSize, seed, shuffle) => {
          const x = tensor(
            Float32Array.from({ length: n * 6 }, (_, i) => i),
            [n, 3, 2],
          )
          const y = Uint8Array.from({ length: n }, (_, i) => i)
          const parts = trainTestSplit(x, y, { testSize, seed, shuffle })
          expect([...parts.yTrain, ...parts.yTest].sort((a, b) => a - b)).toEqual([...y])
          for (const [rows, labels] of [
            [parts.xTrain, parts.yTrain],
            [parts.xTest, parts.yTest],
          ] as const) {
            expect(rows.shape).toEqual([labels.length, 3, 2])
            expectSameBits(
              rows.data,
              [...labels].flatMap(row => [0, 1, 2, 3, 4, 5].map(i => row * 6 + i)),
            )
          }
        },
      ),
    )
  })

  test('gives the same rows for the same seed, and others for another', () => {
    const draw = (seed?: number) => [...trainTestSplit(count(8), count(8), { seed }).yTest]
    // Fixed numbers, so that no change of the generator goes unnoticed.
    expect(draw()).toEqual(draw(0))
    expect(draw(0)).toEqual([4, 1])
    expect(draw(12345)).toEqual([5, 1])
  })

  test('takes the first rows for training and the next for testing where it is not to shuffle', () => {
    const parts = trainTestSplit(count(10), count(10), { trainSize: 0.5, testSize: 0.3, shuffle: false })
    expect([...parts.xTrain]).toEqual([0, 1, 2, 3, 4])
    expect([...parts.xTest]).toEqual([5, 6, 7])
  })

  test('copies rows out of views, and keeps types', () => {
    const all = tensor(Uint8Array.of(7, 1, 2, 8, 3, 4, 9, 5, 6), [3, 3])
    const { xTrain, xTest, yTest } = trainTestSplit(all.lo(0, 1), all.pick(null, 0), {
      testSize: 1,
      shuffle: false,
    })
    expect(xTrain.data).toBeInstanceOf(Uint8Array)
    expectSameBits(xTrain.data, [1, 2, 3, 4])
    expectSameBits(flat(xTest), [5, 6])
    expect(yTest.shape).toEqual([1])
    expect(yTest.get(0)).toBe(9)
    xTrain.set(0, 0, 99)
    expect(all.get(0, 1)).toBe(1)
    const across = trainTestSplit(all.transpose(1, 0), Int32Array.of(1, 2, 3), {
      testSize: 1,
      shuffle: false,
    })
    expectSameBits(across.xTrain.data, [7, 8, 9, 1, 3, 5])
    expect(across.yTest).toEqual(Int32Array.of(3))
  })

  test('refuses x and y of different length', () => {
    expect(() => trainTestSplit(tensor(new Uint8Array(10), [5, 2]), new Uint8Array(4))).toThrow(
      new ShapeError('trainTestSplit', 'x has 5 rows, y has 4'),
    )
  })

  test.each([
    [1, {}, '1 rows cannot be split into 0 for training and 1 for testing'],
    [0, {}, '0 rows cannot be split into 0 for training and 0 for testing'],
    [10, { testSize: 10 }, '10 rows cannot be split into 0 for training and 10 for testing'],
    [10, { trainSize: 11 }, '10 rows cannot be split into 11 for training and 0 for testing'],
    [10, { trainSize: 0.01 }, '10 rows cannot be split into 0 for training and 10 for testing'],
    [10, { testSize: 6, trainSize: 5 }, '10 rows cannot be split into 5 for training and 6 for testing'],
  ])('refuses to split %i rows with %j', (n, options, why) => {
    expect(() => sizes(n, options)).toThrow(new ShapeError('trainTestSplit', why))
  })

  test.each([
    [{ testSize: 0 }, 'testSize'],
    [{ testSize: -0.1 }, 'testSize'],
    [{ testSize: 1.5 }, 'testSize'],
    [{ testSize: Number.NaN }, 'testSize'],
    [{ trainSize: Number.POSITIVE_INFINITY }, 'trainSize'],
    [{ seed: 0.5 }, 'seed'],
    [{ shuffle: 'no' }, 'shuffle'],
    [{ test_size: 0.2 }, 'test_size'],
  ])('refuses the options %j', (options, option) => {
    let error: unknown
    try {
      sizes(10, options as SplitOptions)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(OptionError)
    expect(error).toMatchObject({ owner: 'trainTestSplit', option })
  })

  test('refuses what has no rows', () => {
    const list = [1, 2, 3] as unknown as Uint8Array
    expect(() => trainTestSplit(list, new Uint8Array(3))).toThrow(
      'trainTestSplit: x is [1, 2, 3], expected an ndarray with rows, or a typed array',
    )
    expect(() => trainTestSplit(new Uint8Array(3), tensor(new Uint8Array(1), []))).toThrow(OptionError)
  })
})
