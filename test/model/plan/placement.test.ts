import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Lifetime, place } from '../../../src/model/plan/placement.ts'

const lifetime = fc
  .tuple(fc.nat(1000), fc.nat(12), fc.nat(12))
  .map(([bytes, a, b]): Lifetime => ({ bytes, from: Math.min(a, b), until: Math.max(a, b) }))

const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64
const bytesOf = (buffers: readonly Lifetime[]) => buffers.reduce((sum, { bytes }) => sum + aligned(bytes), 0)

/** Bytes that live at once, at the worst moment: no placement needs less. */
const lowerBound = (buffers: readonly Lifetime[]) => {
  const moments = buffers.map(({ from }) => from)
  return Math.max(
    0,
    ...moments.map(t =>
      buffers.filter(b => b.from <= t && t <= b.until).reduce((sum, b) => sum + b.bytes, 0),
    ),
  )
}

test('no two buffers that live at once overlap', () => {
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 20 }), buffers => {
      const { offsets, bytes } = place(buffers)
      expect(offsets).toHaveLength(buffers.length)
      for (const [i, a] of buffers.entries()) {
        expect(offsets[i] % 64).toBe(0)
        expect(offsets[i]).toBeGreaterThanOrEqual(0)
        expect(offsets[i] + a.bytes).toBeLessThanOrEqual(bytes)
        for (const [j, b] of buffers.slice(0, i).entries()) {
          if (a.from > b.until || b.from > a.until) continue
          const apart = offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i]
          expect(apart, `${i} and ${j}`).toBe(true)
        }
      }
    }),
  )
})

test('takes no more than all buffers side by side, and no less than those that live at once', () => {
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 20 }), buffers => {
      const { bytes } = place(buffers)
      expect(bytes % 64).toBe(0)
      expect(bytes).toBeLessThanOrEqual(bytesOf(buffers))
      expect(bytes).toBeGreaterThanOrEqual(lowerBound(buffers))
    }),
  )
})

describe('takes as little as can be', () => {
  const buffers = (...rows: [bytes: number, from: number, until: number][]): Lifetime[] =>
    rows.map(([bytes, from, until]) => ({ bytes, from, until }))

  test.each([
    ['nothing', [], 0],
    ['a single buffer', buffers([100, 0, 3]), 128],
    ['buffers that live one after the other', buffers([640, 0, 1], [64, 2, 3], [320, 4, 4]), 640],
    ['buffers that live at once', buffers([640, 0, 2], [64, 2, 3], [128, 1, 2]), 832],
    ['a chain in which each needs the one before', buffers([640, 0, 1], [320, 1, 2], [640, 2, 3]), 960],
    ['small ones beside a large one, in turn', buffers([640, 0, 9], [64, 0, 1], [64, 2, 3], [64, 4, 5]), 704],
    ['a gap that is left between two', buffers([640, 0, 9], [320, 0, 4], [256, 0, 9], [192, 5, 9]), 1216],
    ['activations that training needs on the way back', buffers([64, 0, 5], [128, 1, 4], [64, 2, 3]), 256],
  ])('for %s', (_, buffers, bytes) => {
    expect(place(buffers).bytes).toBe(bytes)
  })
})

test('says the same for the same buffers', () => {
  const buffers = Array.from({ length: 9 }, (_, i) => ({ bytes: 64, from: i % 4, until: (i % 4) + 2 }))
  expect(place(buffers)).toEqual(place(buffers.map(buffer => ({ ...buffer }))))
})
