import { describe, expect, test } from 'vitest'
import { ConvnetError } from '../../src/errors.ts'
import {
  checkDifferences,
  type DifferenceOptions,
  GradientError,
  type Variable,
} from '../../src/testing/finite-differences.ts'
import { expectSameBits } from '../support/compare.ts'

/** Compares with the usual tolerances. */
const check = (variables: readonly Variable[], f: () => number, options: DifferenceOptions = {}) =>
  checkDifferences(variables, f, { step: 6e-6, rtol: 1e-6, atol: 1e-8, entries: 256, seed: 0, ...options })

const variable = (values: number[], gradient: number[], path = 'x'): Variable => ({
  path,
  shape: [values.length],
  values: Float64Array.from(values),
  gradient: Float64Array.from(gradient),
})

const sumOf = (f: (v: number) => number, ...variables: Variable[]) => {
  return () => variables.reduce((sum, { values }) => sum + values.reduce((sum, v) => sum + f(v), 0), 0)
}

const cube = (v: number) => v ** 3

describe('checkDifferences', () => {
  test('takes the gradients of a function, and leaves its variables as they were', () => {
    const one = variable([0.1, -2, 3], [0.03, 12, 27])
    const other = variable([1, 0], [3, 0], 'w')
    const report = check([one, other], sumOf(cube, one, other))
    expect(report).toMatchObject({ checked: 5, kinks: 0 })
    expect(report.worst.excess).toBeLessThan(1)
    expectSameBits(one.values, [0.1, -2, 3])
    expectSameBits(other.values, [1, 0])
  })

  test('names the entry that is wrong, by its place along each axis', () => {
    const x: Variable = { ...variable([1, 2, 3, 4, 5, 6], [3, 12, 27, 48, 75.001, 108]), shape: [2, 3] }
    const run = () => check([variable([], [], 'empty'), x], sumOf(cube, x))
    expect(run).toThrow(GradientError)
    expect(run).toThrow(/^gradCheck: x\[1,1\]: backward gives 75\.001, finite differences 7[45]\.\d+, /)
    try {
      run()
    } catch (error) {
      const { worst } = error as GradientError
      expect(worst).toMatchObject({ path: 'x', index: [1, 1], backward: 75.001 })
      expect(worst.differences).toBeCloseTo(75, 5)
      expect(worst.excess).toBeCloseTo(0.001 / (1e-8 + 75e-6), 0)
    }
  })

  test.each([
    ['zero', 0],
    ['doubled', 24],
    ['negated', -12],
    ['off by a hundred-thousandth', 12 * (1 + 1e-5)],
    ['NaN', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('refuses a gradient that is %s', (_, wrong) => {
    const x = variable([1, 2], [3, wrong])
    expect(() => check([x], sumOf(cube, x))).toThrow(GradientError)
  })

  test('refuses a function that is NaN', () => {
    const x = variable([1, 2], [3, 12])
    expect(() => check([x], () => Number.NaN)).toThrow(GradientError)
  })

  test('tolerates as much as it is told to', () => {
    const x = variable([2], [12.1])
    expect(check([x], sumOf(cube, x), { rtol: 0.01 }).worst.excess).toBeCloseTo(0.1 / 0.12, 4)
    expect(check([x], sumOf(cube, x), { rtol: 0, atol: 0.2 }).worst.excess).toBeCloseTo(0.5, 4)
    expect(() => check([x], sumOf(cube, x), { rtol: 0.001 })).toThrow(GradientError)
  })

  test('moves values by the step', () => {
    const moved: number[] = []
    const x = variable([2], [1])
    const f = () => {
      moved.push(x.values[0])
      return x.values[0]
    }
    check([x], f, { step: 0.25 })
    expect(moved).toEqual([2, 2.25, 1.75])
  })

  test('checks so many entries of each array, another choice for another seed', () => {
    const n = 50
    const checkedBy = (seed: number, entries: number) => {
      const x = variable(new Array(n).fill(1), new Array(n).fill(1))
      const seen = new Set<number>()
      const f = () => {
        const i = x.values.findIndex(v => v !== 1)
        if (i >= 0) seen.add(i)
        return x.values.reduce((a, b) => a + b)
      }
      expect(check([x], f, { seed, entries }).checked).toBe(entries)
      return [...seen]
    }
    expect(checkedBy(1, 20)).toHaveLength(20)
    expect(checkedBy(1, 20)).toEqual(checkedBy(1, 20))
    expect(checkedBy(1, 20)).not.toEqual(checkedBy(2, 20))
    expect(checkedBy(1, n)).toHaveLength(n)
  })

  describe('at a kink', () => {
    const relu = (v: number) => Math.max(v, 0)
    const smooth = [1, 2, 3, 4, 5, -1, -2, -3]
    const slopes = [1, 1, 1, 1, 1, 0, 0, 0]

    test.each([0, 1, 0.3])('leaves out the entry, whichever slope between is given: %d', slope => {
      const x = variable([...smooth, 0], [...slopes, slope])
      expect(check([x], sumOf(relu, x))).toMatchObject({ checked: 8, kinks: 1 })
    })

    test('refuses a slope that is neither side’s', () => {
      const x = variable([...smooth, 0], [...slopes, 1.5])
      expect(() => check([x], sumOf(relu, x))).toThrow(GradientError)
    })

    test('refuses to judge a function by the few entries that have none', () => {
      const x = variable([...smooth, 0, 0, 0], [...slopes, 0, 0, 0])
      expect(() => check([x], sumOf(relu, x))).toThrow(ConvnetError)
      expect(() => check([x], sumOf(relu, x))).toThrow(
        'gradCheck: 3 of 11 entries lie at a kink; draw other inputs',
      )
    })

    test('refuses a function that has nothing else', () => {
      const x = variable([0, 0], [0, 0])
      expect(() => check([x], sumOf(relu, x))).toThrow('2 of 2 entries lie at a kink')
    })
  })
})
