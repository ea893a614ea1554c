import { expect, test } from 'vitest'
import { threeDigits } from '../../../src/report/picture/three-digits.ts'

test('numbers have three significant digits and a true minus', () => {
  const numbers = [
    0,
    -0,
    5,
    -0.31249,
    33.456,
    1234.5,
    0.001,
    -0.00000144,
    999_999,
    1_234_567,
    -Math.PI * 1e20,
  ]
  expect(numbers.map(threeDigits)).toEqual([
    '0',
    '0',
    '5',
    '−0.312',
    '33.5',
    '1230',
    '0.001',
    '−1.44e−6',
    '1000000',
    '1.23e6',
    '−3.14e20',
  ])
})
