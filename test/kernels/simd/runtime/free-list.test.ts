import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FreeList, type Stretch } from '../../../../src/kernels/simd/runtime/free-list.ts'

const SIZE = 40

/** A memory as a row of bytes, each free or not. */
class Naive {
  readonly free: boolean[] = new Array(SIZE).fill(false)

  take(bytes: number): Stretch | null {
    for (let start = 0; start + bytes <= SIZE; start++) {
      const end = start + bytes
      if (this.free.slice(start, end).every(Boolean)) {
        this.free.fill(false, start, end)
        return { start, end }
      }
    }
    return null
  }

  before(end: number): number {
    return end - 1 - this.free.lastIndexOf(false, end - 1)
  }
}

test('takes and gives as a naive memory does: the first place that fits, never one twice, neighbours joined', () => {
  const take = fc.record({ bytes: fc.integer({ min: 1, max: 12 }) })
  const give = fc.record({ which: fc.nat() })
  fc.assert(
    fc.property(fc.array(fc.oneof(take, give), { maxLength: 60 }), steps => {
      const list = new FreeList()
      const naive = new Naive()
      const taken: Stretch[] = []
      const giveBack = (stretch: Stretch) => {
        list.give(stretch)
        naive.free.fill(true, stretch.start, stretch.end)
      }
      // The memory itself comes in two parts, as one that grows.
      giveBack({ start: 0, end: SIZE / 2 })
      giveBack({ start: SIZE / 2, end: SIZE })
      for (const step of steps) {
        if ('bytes' in step) {
          const stretch = list.take(step.bytes)
          expect(stretch).toEqual(naive.take(step.bytes))
          if (stretch) taken.push(stretch)
        } else if (taken.length > 0) {
          giveBack(taken.splice(step.which % taken.length, 1)[0])
        }
        expect(list.before(SIZE)).toBe(naive.before(SIZE))
      }
      for (const stretch of taken) giveBack(stretch)
      expect(list.take(SIZE)).toEqual({ start: 0, end: SIZE })
      expect(list.take(1)).toBeNull()
    }),
    { numRuns: 500 },
  )
})
