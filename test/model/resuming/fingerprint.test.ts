import { expect, test } from 'vitest'
import { fingerprint } from '../../../src/model/resuming/fingerprint.ts'
import type { Labelled } from '../../../src/model/rows.ts'

/** Rows of four elements. */
function labelled(values: ArrayLike<number>, labels: ArrayLike<number>): Labelled {
  const count = labels.length
  return {
    x: { count, size: 4, data: Float32Array.from(values) },
    y: { count, size: 1, data: Uint8Array.from(labels) },
  }
}

const values = Array.from({ length: 40 }, (_, i) => i / 7)
const labels = Array.from({ length: 10 }, (_, i) => i % 3)
const before = fingerprint(labelled(values, labels))

test('is a whole number of 32 bits, the same for the same values in any type', () => {
  expect(before).toBeGreaterThanOrEqual(0)
  expect(before).toBeLessThan(2 ** 32)
  expect(Number.isInteger(before)).toBe(true)
  const { x, y } = labelled(values, labels)
  const wide = { x: { ...x, data: Float64Array.from(x.data) }, y: { ...y, data: Int32Array.from(y.data) } }
  expect(fingerprint(wide)).toBe(before)
})

test('is another for any other value, label, or order', () => {
  const others = new Set([before])
  for (let i = 0; i < 40; i++) others.add(fingerprint(labelled(values.with(i, -1), labels)))
  for (let i = 0; i < 10; i++) others.add(fingerprint(labelled(values, labels.with(i, 7))))
  others.add(fingerprint(labelled(values.toReversed(), labels)))
  others.add(fingerprint(labelled(values, labels.toReversed())))
  expect(others.size).toBe(53)
})

test('of many rows, is made of some that are spread over them all', () => {
  const rows = 10_000
  const zeros = new Float32Array(4 * rows)
  const whole = fingerprint(labelled(zeros, new Uint8Array(rows)))
  const spoilt = (from: number, to: number) =>
    fingerprint(labelled(zeros.slice().fill(1, 4 * from, 4 * to), new Uint8Array(rows)))
  // Any twenty rows that follow one another have one of them.
  const found = Array.from({ length: rows / 20 }, (_, i) => spoilt(20 * i, 20 * i + 20))
  expect(found).not.toContain(whole)
})
