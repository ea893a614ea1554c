import { expect, test } from 'vitest'
import { fourDigits } from '../../../src/report/picture/four-digits.ts'

test('a loss has four digits behind the point, a small one behind its first, and a true minus', () => {
  expect([0.91234, -0.5, 0, 0.0001, -2e-7, Number.NaN].map(fourDigits)).toEqual([
    '0.9123',
    '−0.5000',
    '0.0000',
    '1.0000e−4',
    '−2.0000e−7',
    'NaN',
  ])
})
