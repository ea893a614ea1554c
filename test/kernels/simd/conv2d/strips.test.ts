import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evenPart, imagesTogether, stripsOf } from '../../../../src/kernels/simd/conv2d/strips.ts'

test.each([
  ['small maps, several at a time', [10, 10, 1, 512], { images: 4, strips: 1, stripRows: 10, pixels: 100 }],
  ['a map that fits', [26, 26, 1, 512], { images: 1, strips: 1, stripRows: 26, pixels: 676 }],
  ['a large map', [64, 64, 1, 512], { images: 1, strips: 8, stripRows: 8, pixels: 512 }],
  ['whole windows of three rows', [30, 100, 3, 512], { images: 1, strips: 5, stripRows: 6, pixels: 600 }],
] as const)('stripsOf cuts %s', (_, [height, width, together, wanted], strips) => {
  expect(stripsOf(height, width, together, wanted)).toEqual(strips)
})

test('evenPart finds the divisor nearest in ratio', () => {
  expect(evenPart(26, 20)).toBe(26)
  expect(evenPart(28, 19)).toBe(14)
  expect(evenPart(13, 40)).toBe(13)
  expect(evenPart(67, 8)).toBe(1)
  expect(evenPart(67, 9)).toBe(67)
  expect(evenPart(1, 500)).toBe(1)
  const length = fc.integer({ min: 1, max: 200 })
  fc.assert(
    fc.property(length, length, length, (length, wanted, other) => {
      const part = evenPart(length, wanted)
      expect(length % part).toBe(0)
      const ratio = (x: number) => Math.max(x / wanted, wanted / x)
      if (length % other === 0) expect(ratio(part)).toBeLessThanOrEqual(ratio(other))
    }),
  )
})

test.each([
  [1, 512, 16],
  [32, 512, 16],
  [33, 512, 8],
  [36, 512, 8],
  [128, 512, 4],
  [256, 512, 2],
  [257, 512, 1],
  [5000, 512, 1],
])('images of %i pixels, about %i at a time: %i together', (pixels, limit, images) => {
  expect(imagesTogether(pixels, limit)).toBe(images)
})
