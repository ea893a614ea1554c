import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { classNames } from '../../src/data/fashion-mnist.ts'
import { garments } from '../../src/data/garments.ts'
import { OptionError } from '../../src/errors.ts'

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

describe('garments', () => {
  const small = garments({ train: 2000, test: 500 })

  test('has the form of Fashion-MNIST and says that it is not', () => {
    expect(small.train.images.shape).toEqual([2000, 28, 28, 1])
    expect(small.test.images.shape).toEqual([500, 28, 28, 1])
    expect([small.train.labels.length, small.test.labels.length]).toEqual([2000, 500])
    expect(small.classNames).toBe(classNames)
    expect(small.kind).toBe('generated')
    expect(small.source).toBe('generated drawings of garments (seed 0), not the real Fashion-MNIST')
  })

  test('draws the same bits on every machine', () => {
    expect(md5(small.train.images.data)).toBe('d999346c1244b193802866e934319ad8')
    expect(md5(small.test.images.data)).toBe('53975bf66acdb8cb253e8a1e181c9aa3')
  })

  test('draws other images for another seed and another split', () => {
    const other = garments({ train: 100, test: 100, seed: 1 })
    expect(md5(other.train.images.data)).not.toBe(md5(small.train.images.data.subarray(0, 78400)))
    expect(md5(other.train.images.data)).not.toBe(md5(other.test.images.data))
    expect(
      new Set([...Array(100).keys()].map(i => md5(other.train.images.data.subarray(i * 784, i * 784 + 784))))
        .size,
    ).toBe(100)
  })

  test('begins a larger set with the smaller one', () => {
    const few = garments({ train: 37, test: 1 })
    expect(few.train.images.data).toEqual(small.train.images.data.subarray(0, 37 * 784))
    expect(few.train.labels).toEqual(small.train.labels.subarray(0, 37))
  })

  test('has every class once in each run of ten, in changing order', () => {
    const { labels } = small.train
    const runs = Array.from({ length: 200 }, (_, run) => [...labels.subarray(10 * run, 10 * run + 10)])
    for (const run of runs) expect(run.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(new Set(runs.map(run => run.join())).size).toBe(200)
  })

  test('draws each garment bright on black, inside the picture', () => {
    const { data } = small.train.images
    let border = 0
    for (let i = 0; i < 2000; i++) {
      const image = data.subarray(i * 784, i * 784 + 784)
      const covered = image.reduce((count, pixel) => count + (pixel > 0 ? 1 : 0), 0)
      expect(covered).toBeGreaterThan(70)
      expect(covered).toBeLessThan(600)
      expect([image[0], image[27], image[756], image[783]]).toEqual([0, 0, 0, 0])
      for (let x = 0; x < 28; x++) border += image[x] + image[756 + x]
    }
    // The mean brightness of the upper and lower rows: nothing much is cut off.
    expect(border / (2000 * 56)).toBeLessThan(6)
  })

  test('can be learned, but not from single pixels alone: the nearest class mean knows most, not all', () => {
    const accuracy = nearestMean(
      small.train.images.data,
      small.train.labels,
      small.test.images.data,
      small.test.labels,
    )
    expect(accuracy).toBeGreaterThan(0.5)
    expect(accuracy).toBeLessThan(0.85)
  })

  test.each<[string, object]>([
    ['train', { train: 0 }],
    ['test', { test: 1.5 }],
    ['seed', { seed: Number.NaN }],
    ['seed', { seed: -1.5 }],
    ['sead', { sead: 1 }],
  ])('refuses a bad %s', (option, options) => {
    expect(() => garments(options)).toThrow(OptionError)
    expect(() => garments(options)).toThrow(`garments: ${option} is`)
  })
})

/** The share of test images whose nearest mean image, after scaling each to length 1, is their own class's. */
function nearestMean(x: Uint8Array, labels: Uint8Array, testX: Uint8Array, testLabels: Uint8Array): number {
  const means = Array.from({ length: 10 }, () => new Float64Array(784))
  for (let i = 0; i < labels.length; i++) {
    const image = unit(x.subarray(i * 784, i * 784 + 784))
    for (let p = 0; p < 784; p++) means[labels[i]][p] += image[p]
  }
  const directions = means.map(unit)
  let right = 0
  for (let i = 0; i < testLabels.length; i++) {
    const image = testX.subarray(i * 784, i * 784 + 784)
    const scores = directions.map(mean => mean.reduce((sum, value, p) => sum + value * image[p], 0))
    if (scores.indexOf(Math.max(...scores)) === testLabels[i]) right++
  }
  return right / testLabels.length
}

function unit(values: ArrayLike<number>): Float64Array {
  const vector = Float64Array.from(values)
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map(value => value / norm)
}
