import { describe, expect, test } from 'vitest'
import { expectClose, expectSameBits, relativeError } from './compare.ts'

const tolerance = { rtol: 1e-3, atol: 1e-6 }
const expected = Float32Array.of(1, -2, 0, 300, 1e-4)
const close = (actual: ArrayLike<number>, to: ArrayLike<number> = expected) =>
  expectClose(actual, to, tolerance, 'dx')

describe('expectClose', () => {
  test('takes equal arrays, of any kind, and differences within the tolerance', () => {
    close(expected)
    close([...expected])
    close(Float64Array.of(1.0009, -2.001, 9e-7, 300.2, 1.001e-4))
    close([Number.POSITIVE_INFINITY, -0], [Number.POSITIVE_INFINITY, 0])
  })

  test.each([
    ['zeros', expected.map(() => 0)],
    ['a doubled array', expected.map(x => 2 * x)],
    ['a negated array', expected.map(x => -x)],
    ['one wrong element', [1, -2, 0, 300.4, 1e-4]],
    ['one wrong element that should be 0', [1, -2, 2e-6, 300, 1e-4]],
    ['NaN', [1, -2, Number.NaN, 300, 1e-4]],
    ['an infinity', [1, -2, 0, Number.POSITIVE_INFINITY, 1e-4]],
    ['too few elements', expected.subarray(0, 4)],
    ['too many elements', [...expected, 0]],
  ])('rejects %s', (_what, actual) => {
    expect(() => close(actual)).toThrow('dx')
  })

  test('rejects NaN for NaN, an infinity for a number, and the other infinity', () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
    expect(() => close([nan], [nan])).toThrow('dx[0]: NaN, expected NaN')
    expect(() => close([1], [nan])).toThrow('expected NaN')
    expect(() => close([1], [infinity])).toThrow('expected Infinity')
    expect(() => close([-infinity], [infinity])).toThrow('expected Infinity')
  })

  test('rejects arrays with nothing to compare', () => {
    expect(() => close([], [])).toThrow('nothing to compare')
  })

  test('names the worst element', () => {
    expect(() => expectClose([1.1, 2.5, 3.1], [1, 2, 3], { rtol: 0, atol: 0.05 }, 'y')).toThrow(
      'y[1]: 2.5, expected 2 (10.00 tolerances apart)',
    )
  })

  test('measures against the expected value, not the actual one', () => {
    const half = { rtol: 0.5, atol: 0 }
    expectClose([1.5], [1], half)
    expect(() => expectClose([1], [2.1], half)).toThrow()
    expect(() => expectClose([1e9], [0], half)).toThrow()
  })
})

describe('expectSameBits', () => {
  test('takes the same bits only', () => {
    expectSameBits([1, -0, Number.NaN], Float64Array.of(1, -0, Number.NaN))
    expect(() => expectSameBits([0], [-0], 'y')).toThrow('y[0]: 0, expected exactly 0')
    expect(() => expectSameBits([1 + Number.EPSILON], [1])).toThrow('array[0]')
    expect(() => expectSameBits([1], [1, 2])).toThrow('1 elements, expected 2')
    expect(() => expectSameBits([], [])).toThrow('nothing to compare')
  })
})

describe('relativeError', () => {
  test('is the norm of the difference over the norm of what is expected', () => {
    expect(relativeError([3, 4], [3, 4])).toBe(0)
    expect(relativeError([0, 0], [3, 4])).toBe(1)
    expect(relativeError([6, 8], [3, 4])).toBe(1)
    expect(relativeError([3, 5], [3, 4])).toBeCloseTo(0.2, 12)
  })

  test('is infinite for unequal lengths, and for anything but 0 where 0 is expected', () => {
    expect(relativeError([1], [1, 1])).toBe(Number.POSITIVE_INFINITY)
    expect(relativeError([1e-30], [0])).toBe(Number.POSITIVE_INFINITY)
    expect(relativeError([0], [0])).toBe(0)
  })

  test('is never below a bound where there is a NaN', () => {
    expect(relativeError([Number.NaN, 1], [1, 1]) <= 1e9).toBe(false)
  })
})
