import { expect, test } from 'vitest'
import { formatNumber } from '../../src/text/format-number.ts'

test.each([
  [0, '0.0000'],
  [0.91235, '0.9123'],
  [-2.5, '-2.5000'],
  [1234.56789, '1234.5679'],
  [0.0011, '0.0011'],
  [0.001, '1.0000e-3'],
  [-0.00012345, '-1.2345e-4'],
  [Number.NaN, 'NaN'],
])('%d is printed as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})
