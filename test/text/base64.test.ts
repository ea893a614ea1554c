import { expect, test } from 'vitest'
import { base64 } from '../../src/text/base64.ts'

test.each([0, 1, 2, 3, 4, 12_287, 12_288, 12_289, 30_000])('%i bytes, as Node encodes them', length => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 167) % 256)
  expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
})

test('of a view, wherever in its buffer it lies', () => {
  expect(base64(Uint8Array.of(1, 250, 251, 252, 2).subarray(1, 4))).toBe('+vv8')
})
