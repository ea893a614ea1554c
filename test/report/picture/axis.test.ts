import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epochAxis, valueAxis } from '../../../src/report/picture/axis.ts'
import { textWidth } from '../../../src/report/picture/text-width.ts'
import { numberIn } from '../../support/charts.ts'

describe('valueAxis', () => {
  test('goes between round numbers, from one place to the other', () => {
    const axis = valueAxis([0.13, 0.87], 200, 0)
    expect(axis.ticks.map(({ text }) => text)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0'])
    expect([axis.at(0), axis.at(0.5), axis.at(1)]).toEqual([200, 100, 0])
  })

  test('writes numbers that say where they stand, no two alike', () => {
    const number = fc.oneof(
      fc.double({ min: -3e38, max: 3e38, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: 0.99999, max: 1, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(number, { maxLength: 5 }), values => {
        const axis = valueAxis(values, 200, 0)
        expect(axis.ticks.length).toBeGreaterThanOrEqual(2)
        for (const { value, text } of axis.ticks) {
          // Where many digits are needed to tell them apart, the last may be rounded.
          expect(Math.abs(axis.at(numberIn(text)) - axis.at(value))).toBeLessThan(1)
          expect(text.length).toBeLessThan(14)
        }
        expect(new Set(axis.ticks.map(({ text }) => text)).size).toBe(axis.ticks.length)
        for (const value of values) expect(axis.at(value) >= 0 && axis.at(value) <= 200).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('has room around values that are all the same, and goes from 0 to 1 without any', () => {
    expect(valueAxis([5, 5], 100, 0).at(5)).toBeCloseTo(50)
    for (const values of [[], [0, 0]]) {
      const axis = valueAxis(values, 100, 0)
      expect([axis.at(0), axis.at(1)]).toEqual([100, 0])
    }
  })
})

describe('epochAxis', () => {
  test('has whole numbers from the first that do not touch, for any epochs', () => {
    const cases = fc.record({
      first: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 })),
      more: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 1_000_000 })),
      to: fc.integer({ min: 100, max: 2000 }),
    })
    fc.assert(
      fc.property(cases, ({ first, more, to }) => {
        const last = first + more
        const { at, ticks } = epochAxis(first, last, 0, to)
        expect(ticks[0]).toEqual({ value: first, text: String(first) })
        for (const [i, { value, text }] of ticks.entries()) {
          expect(Number.isInteger(value) && value <= last && text === String(value)).toBe(true)
          if (i === 0) continue
          const half = (textWidth(text, 12) + textWidth(ticks[i - 1].text, 12)) / 2
          expect(at(value) - at(ticks[i - 1].value)).toBeGreaterThan(half + 2)
        }
        if (more > 0) expect([at(first), at(last), ticks.length > 1]).toEqual([0, to, true])
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    [1, 8, 190, [1, 4, 6, 8]],
    [1, 50, 300, [1, 10, 20, 30, 40, 50]],
    [5, 54, 300, [5, 20, 30, 40, 50]],
    [11, 20, 500, [11, 12, 13, 14, 15, 16, 17, 18, 19, 20]],
  ])('from %i to %i on %i pixels has no round number right beside the first', (first, last, to, expected) => {
    expect(epochAxis(first, last, 0, to).ticks.map(({ value }) => value)).toEqual(expected)
  })

  test('has its only epoch in the middle', () => {
    expect(epochAxis(1, 1, 10, 30).at(1)).toBe(20)
    expect(epochAxis(7, 7, 10, 30).at(7)).toBe(20)
  })
})
