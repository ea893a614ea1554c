import { describe, expect, test } from 'vitest'
import type { MaskKey } from '../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import { random } from '../../src/tensor/random.ts'
import { expectSameBits } from '../support/compare.ts'
import { kernelSets } from '../support/kernel-sets.ts'
import { centred, expectWritten, inputs, outputs, tail } from '../support/kernels.ts'

/** 32 random bits for an element: the definition in whole numbers without bounds, cut off at 32 bits. */
function maskWord(element: number, { layer, step }: MaskKey): number {
  const bits = (x: bigint) => BigInt.asUintN(32, x)
  const word = (i: bigint, first: bigint, second: bigint) => {
    let h = bits(i) ^ bits(first)
    h = bits((h ^ (h >> 16n)) * 0x21f0aaadn)
    h = bits((h ^ (h >> 15n) ^ bits(second)) * 0xd35a2d97n)
    return h ^ (h >> 15n)
  }
  const ofLayer = word(BigInt(layer), 0n, 0n)
  const ofStep = word(bits(BigInt(step)) ^ ofLayer, 0n, 0n)
  return Number(word(BigInt(element), ofLayer, ofStep))
}

const keys: MaskKey[] = [
  { layer: 0, step: 0 },
  { layer: 1, step: 0 },
  { layer: 0, step: 1 },
  { layer: 1, step: 1 },
  { layer: -1640531535, step: 4700 },
]

const RATES = [0.05, 0.17, 0.5, 0.9]

describe.each(kernelSets)('dropout in %s', (_, kernels, round) => {
  test.each(keys)('draws the mask of $layer, $step from its definition', key => {
    const n = 99
    for (const rate of RATES) {
      const x = inputs(kernels, n, centred(random(key.layer, key.step)))
      const scale = round(1 / (1 - rate))
      const expected = Array.from(x.subarray(0, n), (x, i) =>
        maskWord(i, key) < rate * 2 ** 32 ? 0 : round(x * scale),
      )
      const y = outputs(kernels, n)
      kernels.dropout(n, rate, key, x, y)
      expectWritten(y, expected, 'y')

      const before = x.slice()
      kernels.dropout(n, rate, key, x, x)
      expectWritten(x, expected, 'y in place', tail(before, n))
    }
  })

  test('has one mask for any number of elements, whatever they are', () => {
    const key = { layer: 3, step: 7 }
    const mask = (n: number, x: number) => {
      const y = kernels.allocate(n).fill(x)
      kernels.dropout(n, 0.5, key, y, y)
      return y.map(value => (value === 0 ? 0 : 1))
    }
    const long = mask(1000, 1)
    expectSameBits(mask(37, 1), long.subarray(0, 37))
    expectSameBits(mask(1000, -4), long)
    expectSameBits(mask(1000, Number.NaN), long)
  })
})

// All kernel sets draw the same masks, so one of them is enough.
describe('the masks of dropout', () => {
  const ones = new Float32Array(1_000_000).fill(1)

  test.each(keys)('drops its share of elements: layer $layer, step $step', key => {
    const y = new Float32Array(ones.length)
    for (const rate of RATES) {
      referenceFloat32.dropout(ones.length, rate, key, ones, y)
      const dropped = y.reduce((count, value) => count + Number(value === 0), 0)
      const deviation = Math.sqrt(ones.length * rate * (1 - rate))
      expect(Math.abs(dropped - ones.length * rate)).toBeLessThan(4 * deviation)
    }
  })

  /** Which elements a mask keeps. */
  const kept = (key: MaskKey, rate: number) => {
    const y = new Float32Array(ones.length)
    referenceFloat32.dropout(ones.length, rate, key, ones, y)
    return Uint8Array.from(y, value => Number(value !== 0))
  }

  /** χ² of the four ways in which two elements may be kept, against independence. */
  const chiSquare = (a: Uint8Array, b: Uint8Array, rate: number) => {
    const counts = [0, 0, 0, 0]
    const n = Math.min(a.length, b.length)
    for (let i = 0; i < n; i++) counts[2 * a[i] + b[i]]++
    const share = (bit: number) => (bit ? 1 - rate : rate)
    return counts.reduce((sum, count, pair) => {
      const expected = n * share(pair >> 1) * share(pair & 1)
      return sum + (count - expected) ** 2 / expected
    }, 0)
  }

  // With 3 degrees of freedom, 1 in 30,000 pairs of independent masks is above it.
  const LIMIT = 23.5

  test.each([0.17, 0.5])('neighbours in a mask, in layers and in steps are independent at rate %f', rate => {
    const mask = kept({ layer: 5, step: 100 }, rate)
    for (const distance of [1, 2, 3, 4, 8, 13, 64, 169, 676, 5408, 65536]) {
      expect(chiSquare(mask, mask.subarray(distance), rate), `distance ${distance}`).toBeLessThan(LIMIT)
    }
    for (const [layer, step] of [
      [5, 101],
      [5, 102],
      [5, 104],
      [6, 100],
      [7, 100],
      [6, 101],
      [100, 5],
    ] as const) {
      const other = kept({ layer, step }, rate)
      expect(chiSquare(mask, other, rate), `layer ${layer}, step ${step}`).toBeLessThan(LIMIT)
      expect(chiSquare(mask, other.subarray(1), rate), `layer ${layer}, step ${step}`).toBeLessThan(LIMIT)
    }
  })
})
