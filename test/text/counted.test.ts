import { expect, test } from 'vitest'
import { counted } from '../../src/text/counted.ts'

test.each([
  [0, '0 epochs'],
  [1, '1 epoch'],
  [2, '2 epochs'],
  [48_000, '48,000 epochs'],
])('%d are %s', (n, text) => {
  expect(counted(n, 'epoch')).toBe(text)
})
