import { expect, test } from 'vitest'
import { shades } from '../../../src/report/terminal/shades.ts'

test('two letters for each pixel, from dark to bright', () => {
  const image = { height: 2, width: 3, channels: 1, data: Uint8Array.of(0, 255, 128, 28, 57, 226) } as const
  expect(shades(image)).toEqual(['  @@++', '..::%%'])
})

test('green is brighter than red, and red than blue', () => {
  const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255)
  expect(shades({ height: 1, width: 4, channels: 3, data })).toEqual(['--++..@@'])
})
