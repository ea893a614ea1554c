import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { moveApart } from '../../../src/report/picture/move-apart.ts'

describe('moveApart', () => {
  test('leaves what is far enough apart, and moves the rest to both sides', () => {
    expect(moveApart([50, 10, 90], 20, 0, 100)).toEqual([50, 10, 90])
    expect(moveApart([50, 50], 20, 0, 100)).toEqual([40, 60])
    expect(moveApart([52, 50, 51], 10, 0, 100)).toEqual([61, 41, 51])
    expect(moveApart([99, 98, 100], 10, 0, 100)).toEqual([90, 80, 100])
    expect(moveApart([1, 2], 10, 0, 100)).toEqual([0, 10])
    expect(moveApart([], 10, 0, 100)).toEqual([])
  })

  test('keeps order, distance and bounds', () => {
    const heights = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 20 })
    fc.assert(
      fc.property(heights, wanted => {
        const places = moveApart(wanted, 50, 0, 1000)
        const order = [...wanted.keys()].sort((a, b) => wanted[a] - wanted[b] || a - b)
        for (const [rank, i] of order.entries()) {
          expect(places[i] >= 0 && places[i] <= 1000).toBe(true)
          if (rank > 0) expect(places[i] - places[order[rank - 1]]).toBeGreaterThanOrEqual(50 - 1e-9)
        }
      }),
    )
  })
})
