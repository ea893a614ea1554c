import { expect, test } from 'vitest'
import { duration } from '../../src/text/duration.ts'

test.each([
  [0, '0 s'],
  [4.25, '4.3 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [200, '3 min 20 s'],
  [3599.7, '1 h 0 min'],
  [90_061, '25 h 1 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})
