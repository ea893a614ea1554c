import { expect, test } from 'vitest'
import { withCommas } from '../../src/text/with-commas.ts'

test.each([
  [0, '0'],
  [7, '7'],
  [999, '999'],
  [1000, '1,000'],
  [48_000, '48,000'],
  [173_738, '173,738'],
  [1_234_567, '1,234,567'],
  [-1000, '-1,000'],
  [-100, '-100'],
])('%d is %s', (n, text) => {
  expect(withCommas(n)).toBe(text)
})

test('as English has it', () => {
  for (let n = 1; n < 1e15; n = 7 * n + 3) expect(withCommas(n)).toBe(n.toLocaleString('en-US'))
})
