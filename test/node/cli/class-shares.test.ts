import { describe, expect, test } from 'vitest'
import { classShares } from '../../../src/node/cli/class-shares.ts'
import { expectClose } from '../../support/compare.ts'

/** Shares by class. */
function shares(...output: number[]): number[] {
  const found = classShares(Float32Array.from(output))
  return found.toSorted((a, b) => a.class - b.class).map(({ share }) => share)
}

describe('classShares', () => {
  test('has the surest first, and of equals the first', () => {
    const classes = classShares(Float32Array.of(0.125, 0.5, 0.25, 0.125)).map(each => each.class)
    expect(classes).toEqual([1, 2, 0, 3])
  })

  test('leaves probabilities as they are, and divides sigmoids by their sum', () => {
    expect(shares(0.25, 0.5, 0.25)).toEqual([0.25, 0.5, 0.25])
    expect(shares(1, 1, 0.5)).toEqual([0.4, 0.4, 0.2])
    expect(shares(0, 0)).toEqual([0, 0])
  })

  test('takes what is not from 0 to 1 for logits', () => {
    expectClose(shares(Math.log(3), 0, -1000, 0), [0.6, 0.2, 0, 0.2], { rtol: 1e-6, atol: 0 })
    expect(shares(2000, 2000)).toEqual([0.5, 0.5])
  })

  test('takes a single output for the second of two classes', () => {
    expect(shares(0.75)).toEqual([0.25, 0.75])
    expectClose(shares(Math.log(4)), [0.2, 0.8], { rtol: 1e-6, atol: 0 })
    expectClose(shares(-Math.log(4)), [0.8, 0.2], { rtol: 1e-6, atol: 0 })
  })
})
