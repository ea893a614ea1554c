import { describe, expect, test } from 'vitest'
import { exp32, log32 } from '../../../src/kernels/reference/float32-functions.ts'
import { expectSameBits } from '../../support/compare.ts'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

const bits = new Int32Array(1)
const asFloat = new Float32Array(bits.buffer)

const float = (pattern: number) => {
  bits[0] = pattern
  return asFloat[0]
}

/** The place of a float32 among all of them in order, infinities included. */
const rank = (x: number) => {
  asFloat[0] = x
  return bits[0] < 0 ? -(bits[0] & 0x7fffffff) : bits[0]
}

const SMALLEST_NORMAL = 2 ** -126

/** The largest distance, in units in the last place, to the correctly rounded value, over normal and subnormal results. */
function worst(actual: (x: number) => number, exact: (x: number) => number, xs: Iterable<number>) {
  const found = { normal: 0, subnormal: 0, n: 0 }
  for (const x of xs) {
    const expected = Math.fround(exact(x))
    const kind = Math.abs(expected) < SMALLEST_NORMAL ? 'subnormal' : 'normal'
    const distance = Math.abs(rank(actual(x)) - rank(expected))
    if (!(distance <= found[kind])) found[kind] = distance
    found.n++
  }
  return found
}

/** Every so many-th float32 of both signs, from zero to infinity. */
function* everyFloat(stride: number, first = 0): Generator<number> {
  for (let pattern = first; pattern < 0x7f800000; pattern += stride) {
    yield float(pattern)
    yield float(pattern | 0x80000000)
  }
}

function* between(low: number, high: number, count: number): Generator<number> {
  for (let i = 0; i <= count; i++) yield Math.fround(low + ((high - low) * i) / count)
}

describe('exp32', () => {
  test.each([
    ['all float32, sampled', () => everyFloat(2521)],
    ['−1 … 1', () => between(-1, 1, 300_000)],
    ['−110 … 90', () => between(-110, 90, 600_000)],
    ['around overflow', () => between(88.72, 88.73, 2000)],
    ['around underflow', () => between(-104, -103.9, 2000)],
    ['subnormal results', () => between(-104, -87.3, 100_000)],
  ])('is within 1 unit in the last place, or 2 of subnormal results: %s', (_, xs) => {
    const { normal, subnormal, n } = worst(exp32, Math.exp, xs())
    expect(n).toBeGreaterThan(1000)
    expect(normal).toBeLessThanOrEqual(1)
    expect(subnormal).toBeLessThanOrEqual(2)
  })

  test('has its special values', () => {
    const x = [nan, infinity, -infinity, 0, -0, 1e-45, -1e-45, 1e38, -1e38]
    expectSameBits(x.map(exp32), [nan, infinity, 0, 1, 1, 1, 1, infinity, 0])
    expect(exp32(1)).toBe(Math.fround(Math.E))
  })

  test('overflows and underflows where a float32 does', () => {
    expect(exp32(Math.fround(88.7228317))).toBeLessThan(infinity)
    expect(exp32(Math.fround(88.7228394))).toBe(infinity)
    expect(exp32(Math.fround(-103.972))).toBe(2 ** -149)
    expect(exp32(Math.fround(-103.973))).toBe(0)
  })
})

describe('log32', () => {
  test.each([
    ['all positive float32, sampled', () => [...everyFloat(2521, 1)].filter(x => x > 0)],
    ['subnormal x', () => between(2 ** -149, SMALLEST_NORMAL, 50_000)],
    ['around 1', () => between(0.5, 2, 500_000)],
    ['very near 1', () => Array.from({ length: 20_000 }, (_, i) => float(0x3f800000 - 10_000 + i))],
  ])('is within 1 unit in the last place: %s', (_, xs) => {
    const { normal, subnormal, n } = worst(log32, Math.log, xs())
    expect(n).toBeGreaterThan(1000)
    expect(Math.max(normal, subnormal)).toBeLessThanOrEqual(1)
  })

  test('has its special values', () => {
    const x = [nan, infinity, -infinity, -1, -1e-45, 0, -0, 1]
    expectSameBits(x.map(log32), [nan, infinity, nan, nan, nan, -infinity, -infinity, 0])
  })
})

test('both give float32 values for float32 values', () => {
  for (const x of everyFloat(999_983)) {
    expectSameBits([exp32(x), log32(x)], [exp32(x), log32(x)].map(Math.fround))
  }
})
