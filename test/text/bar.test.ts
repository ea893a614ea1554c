import { expect, test } from 'vitest'
import { bar } from '../../src/text/bar.ts'

test('a bar fills in half characters and keeps its width', () => {
  expect(bar(0, 4)).toBe('────')
  expect(bar(0.125, 4)).toBe('╸───')
  expect(bar(0.5, 4)).toBe('━━──')
  expect(bar(0.9, 4)).toBe('━━━╸')
  expect(bar(1, 4)).toBe('━━━━')
  expect(bar(7, 4)).toBe('━━━━')
  expect(bar(-1, 4)).toBe('────')
})

test('in colours it is green as far as it is done', () => {
  expect(bar(0.6, 4, true)).toBe('\x1b[32m━━╸\x1b[37m─\x1b[0m')
  expect(bar(0, 2, true)).toBe('\x1b[37m──\x1b[0m')
  expect(bar(1, 2, true)).toBe('\x1b[32m━━\x1b[0m')
})
