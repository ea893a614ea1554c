import { describe, expect, test } from 'vitest'
import { permutation, type Random, random, truncatedNormal } from '../../src/tensor/random.ts'

const draws = (next: Random, n = 8) => Array.from({ length: n }, next)

describe('random', () => {
  test('the same key gives the same draws', () => {
    expect(draws(random(7, 'shuffle', 3))).toEqual(draws(random(7, 'shuffle', 3)))
  })

  test('draws what the documentation of seedrandom says', () => {
    expect(draws(random('hello.'), 2)).toEqual([0.9282578795792454, 0.3752569768646784])
  })

  test('each part of a key matters, and where one ends', () => {
    const keys = [[7], [8], [7, 'shuffle'], [7, 'mask'], [7, 'shuffle', 1], [7, 'shuffle', 2], [1, 1], [11]]
    const firsts = keys.map(key => random(...key)())
    expect(new Set(firsts).size).toBe(keys.length)
  })

  test('seed 0 is a seed like any other', () => {
    expect(draws(random(0))).toEqual(draws(random(0)))
    expect(draws(random(0))).not.toEqual(draws(random(1)))
    expect(draws(random(0))).not.toEqual(draws(random()))
  })

  test('draws are uniform in [0, 1)', () => {
    const next = random('uniform')
    const counts = new Array(20).fill(0)
    for (let i = 0; i < 20_000; i++) counts[Math.floor(next() * 20)]++
    expect(chiSquare(counts)).toBeLessThan(CHI_SQUARE_19)
  })
})

describe('permutation', () => {
  test('is a permutation, of any length', () => {
    for (const n of [0, 1, 2, 17, 1000]) {
      const order = permutation(n, random('permutation', n))
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
    }
  })

  test('depends on the generator alone', () => {
    expect(permutation(50, random(1))).toEqual(permutation(50, random(1)))
    expect(permutation(50, random(1))).not.toEqual(permutation(50, random(2)))
  })

  test('gives each of the 24 orders of 4 items equally often', () => {
    const next = random('orders')
    const counts = new Map<string, number>()
    for (let i = 0; i < 24_000; i++) {
      const order = permutation(4, next).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(chiSquare([...counts.values()])).toBeLessThan(CHI_SQUARE_23)
  })

  test('sends the first of 20 items to each place equally often', () => {
    const next = random('places')
    const counts = new Array(20).fill(0)
    for (let i = 0; i < 20_000; i++) counts[permutation(20, next).indexOf(0)]++
    expect(chiSquare(counts)).toBeLessThan(CHI_SQUARE_19)
  })
})

describe('truncatedNormal', () => {
  test('has the distribution of a normal cut off at ±2', () => {
    const next = random('normal')
    const counts = new Array(EIGHTHS.length).fill(0)
    const n = 40_000
    for (let i = 0; i < n; i++) counts[Math.floor((truncatedNormal(next) + 2) * 2)]++
    expect(
      chiSquare(
        counts,
        EIGHTHS.map(share => share * n),
      ),
    ).toBeLessThan(CHI_SQUARE_7)
  })
})

/** Quantiles of the chi-square distribution at 0.999 with so many degrees of freedom, by SciPy. */
const CHI_SQUARE_7 = 24.32
const CHI_SQUARE_19 = 43.82
const CHI_SQUARE_23 = 49.73

/** How likely the truncated normal falls in each half of a unit from −2 to 2, by SciPy. */
const EIGHTHS = [
  0.0461572357, 0.0962263783, 0.1570270573, 0.2005893287, 0.2005893287, 0.1570270573, 0.0962263783,
  0.0461572357,
]

function chiSquare(counts: readonly number[], expected?: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count, i) => {
    const e = expected?.[i] ?? mean
    return sum + (count - e) ** 2 / e
  }, 0)
}
