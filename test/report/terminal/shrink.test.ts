import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shrink } from '../../../src/report/terminal/shrink.ts'

const grey = (height: number, width: number, ...data: number[]) =>
  ({ height, width, channels: 1, data: Uint8Array.from(data) }) as const

test('halving takes the mean of four pixels', () => {
  expect(shrink(grey(2, 4, 0, 10, 20, 30, 40, 50, 60, 72), 2)).toEqual(grey(1, 2, 25, 46))
})

test('pixels that are covered in part count in part', () => {
  // Two of three columns: the middle one belongs half to each.
  expect(shrink(grey(1, 3, 0, 90, 240), 2)).toEqual(grey(1, 2, 30, 190))
  expect(shrink(grey(3, 3, 0, 0, 0, 90, 90, 90, 240, 240, 240), 2)).toEqual(grey(2, 2, 30, 30, 190, 190))
})

test('colours are taken one by one', () => {
  const image = { height: 1, width: 2, channels: 3, data: Uint8Array.of(0, 100, 200, 10, 120, 250) } as const
  expect(shrink(image, 1)).toEqual({ height: 1, width: 1, channels: 3, data: Uint8Array.of(5, 110, 225) })
})

test('nothing is ever scaled up', () => {
  const image = grey(1, 2, 3, 4)
  expect(shrink(image, 2)).toBe(image)
  expect(shrink(image, 80)).toBe(image)
})

test('the shape stays, and so does an even surface', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(255),
      (size, width, value) => {
        const data = new Uint8Array(size * size * 2).fill(value)
        const small = shrink({ height: size, width: 2 * size, channels: 1, data }, width)
        expect(small.width).toBe(Math.min(width, 2 * size))
        expect(small.height).toBe(Math.max(1, Math.round(small.width / 2)))
        expect([...new Set(small.data)]).toEqual([value])
        expect(small.data.length).toBe(small.width * small.height)
      },
    ),
  )
})
