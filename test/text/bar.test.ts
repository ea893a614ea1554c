import { expect, test } from 'vitest'
import { bar, duration } from '../../src/text/bar.ts'

test('a bar fills in half characters and keeps its width', () => {
  expect(bar(0, 4)).toBe('────')
  expect(bar(0.125, 4)).toBe('╸───')
  expect(bar(0.5, 4)).toBe('━━──')
  expect(bar(0.9, 4)).toBe('━━━╸')
  expect(bar(1, 4)).toBe('━━━━')
  expect(bar(7, 4)).toBe('━━━━')
  expect(bar(-1, 4)).toBe('────')
})

test('durations read as people say them', () => {
  expect([0, 0.0004, 0.85, 0.9996, 4.25, 59.96, 200, 3600].map(duration)).toEqual([
    '0 ms',
    '0 ms',
    '850 ms',
    '1.0 s',
    '4.3 s',
    '1 min 0 s',
    '3 min 20 s',
    '60 min 0 s',
  ])
})
