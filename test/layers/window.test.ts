import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShapeError } from '../../src/errors.ts'
import { windowGeometry } from '../../src/layers/window.ts'
import { windows } from '../support/kernels.ts'

const sizes = (padding: 'valid' | 'same', length: number, kernel: number, stride: number) => {
  const options = { kernel: [kernel, 1], strides: [stride, 1], padding } as const
  const { outHeight, padTop } = windowGeometry('window', [length, 1, 1], options)
  return { windows: outHeight, before: padTop }
}

test.each([
  // The last of these is TensorFlow's: of an odd overhang, the larger part lies below.
  ['valid', 28, 3, 1, { windows: 26, before: 0 }],
  ['valid', 28, 3, 3, { windows: 9, before: 0 }],
  ['valid', 3, 3, 2, { windows: 1, before: 0 }],
  ['same', 28, 3, 1, { windows: 28, before: 1 }],
  ['same', 28, 3, 3, { windows: 10, before: 1 }],
  ['same', 27, 3, 3, { windows: 9, before: 0 }],
  ['same', 5, 1, 3, { windows: 2, before: 0 }],
  ['same', 2, 4, 1, { windows: 2, before: 1 }],
  ['same', 28, 3, 2, { windows: 14, before: 0 }],
] as const)('%s: %i pixels, kernel %i, stride %i', (padding, length, kernel, stride, expected) => {
  expect(sizes(padding, length, kernel, stride)).toEqual(expected)
})

test('every window has a pixel of the image', () => {
  fc.assert(
    fc.property(windows, g => {
      for (const [out, stride, kernel, pad, length] of [
        [g.outHeight, g.strideHeight, g.kernelHeight, g.padTop, g.height],
        [g.outWidth, g.strideWidth, g.kernelWidth, g.padLeft, g.width],
      ] as const) {
        expect(out).toBeGreaterThan(0)
        expect(kernel - pad).toBeGreaterThan(0)
        expect((out - 1) * stride - pad).toBeLessThan(length)
      }
    }),
  )
})

test('takes height and width apart', () => {
  const options = { kernel: [3, 2], strides: [2, 1], padding: 'same' } as const
  expect(windowGeometry('window', [6, 9, 4], options)).toEqual({
    height: 6,
    width: 9,
    channels: 4,
    kernelHeight: 3,
    kernelWidth: 2,
    strideHeight: 2,
    strideWidth: 1,
    padTop: 0,
    padLeft: 0,
    outHeight: 3,
    outWidth: 9,
  })
})

test.each([[[5]], [[5, 5]], [[5, 5, 1, 1]], [[0, 5, 1]]])('refuses %j, which is no image', shape => {
  const make = () => windowGeometry('stem', shape, { kernel: [1, 1], strides: [1, 1], padding: 'same' })
  expect(make).toThrow(ShapeError)
  expect(make).toThrow('stem: expected rows of shape (height, width, channels)')
})
