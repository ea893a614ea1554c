import { expect, test } from 'vitest'
import { fixed } from '../../src/text/fixed.ts'

test.each([
  [0.125, 2, '0.12'],
  [0.375, 2, '0.38'],
  [0.5, 0, '0'],
  [1.5, 0, '2'],
  [0.0625, 3, '0.062'],
  [0.1251, 2, '0.13'],
  [0.9, 2, '0.90'],
  [1, 2, '1.00'],
])('%d with %d digits is %s, as Python formats it', (x, digits, text) => {
  expect(fixed(x, digits)).toBe(text)
})
