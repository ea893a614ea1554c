import { describe, expect, test } from 'vitest'
import { histogramBuckets } from '../../../src/io/tensor-board/histogram-buckets.ts'
import { random } from '../../../src/tensor/random.ts'

/** The matrix [30, 3] by columns. */
function columns(buckets: Float64Array) {
  expect(buckets.length).toBe(90)
  const column = (c: number) => Array.from({ length: 30 }, (_, row) => buckets[3 * row + c])
  return { left: column(0), right: column(1), count: column(2) }
}

describe('histogramBuckets', () => {
  test('counts numbers where they belong, edges included', () => {
    const { left, right, count } = columns(histogramBuckets([0, 30, 0.999, 1, 15.5, 29, 29.999]))
    expect(left).toEqual(Array.from({ length: 30 }, (_, i) => i))
    expect(right).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
    const expected = new Array(30).fill(0)
    expected[0] = 2
    expected[1] = 1
    expected[15] = 1
    expected[29] = 3
    expect(count).toEqual(expected)
  })

  test('loses no number, and meets the smallest and the largest exactly', () => {
    const next = random(0, 'histogram')
    const values = Float32Array.from({ length: 5000 }, () => next() ** 3 - 0.3)
    const { left, right, count } = columns(histogramBuckets(values))
    expect(count.reduce((sum, n) => sum + n)).toBe(5000)
    expect(left[0]).toBe(Math.min(...values))
    expect(right[29]).toBe(Math.max(...values))
    expect(left.slice(1)).toEqual(right.slice(0, -1))
  })

  test('has equal numbers in the last bucket, and no numbers in none', () => {
    const equal = columns(histogramBuckets([2, 2, 2]))
    expect(new Set([...equal.left, ...equal.right])).toEqual(new Set([2]))
    expect(equal.count).toEqual([...new Array(29).fill(0), 3])
    expect(histogramBuckets([])).toEqual(new Float64Array(90))
  })
})
