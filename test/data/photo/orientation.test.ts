import { flat, tensor } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { exifOrientation, upright } from '../../../src/data/photo/orientation.ts'

/** Exif data with two tags, of which the second is the orientation. */
function exif(order: 'II' | 'MM', orientation: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 + 2 + 2 * 12))
  const isLittle = order === 'II'
  const u16 = (at: number, value: number) => view.setUint16(at, value, isLittle)
  const u32 = (at: number, value: number) => view.setUint32(at, value, isLittle)
  for (let i = 0; i < 2; i++) view.setUint8(i, order.charCodeAt(i))
  u16(2, 42)
  u32(4, 8)
  u16(8, 2)
  for (const [entry, tag, value] of [
    [10, 0x0100, 5],
    [22, 0x0112, orientation],
  ]) {
    u16(entry, tag)
    u16(entry + 2, 3)
    u32(entry + 4, 1)
    u16(entry + 8, value)
  }
  return new Uint8Array(view.buffer)
}

describe('exifOrientation', () => {
  test.each(['II', 'MM'] as const)('is read in the order %s', order => {
    expect([1, 3, 6, 8].map(orientation => exifOrientation(exif(order, orientation)))).toEqual([1, 3, 6, 8])
  })

  test('is 1 where it says nothing that there is', () => {
    expect([0, 9, 65535].map(orientation => exifOrientation(exif('II', orientation)))).toEqual([1, 1, 1])
    const whole = exif('MM', 6)
    for (let length = 0; length < whole.length - 2; length++) {
      expect(exifOrientation(whole.subarray(0, length))).toBe(1)
    }
    const elsewhere = exif('MM', 6)
    elsewhere.fill(0xff, 4, 8)
    expect(exifOrientation(elsewhere)).toBe(1)
  })
})

test('upright turns and mirrors, as the orientation says where row 0 and column 0 of the scene are', () => {
  const photo = tensor(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3, 1])
  const seen = Array.from({ length: 8 }, (_, i) => {
    const turned = upright(photo, i + 1)
    return `${turned.shape[0]}×${turned.shape[1]}: ${[...flat(turned)].join('')}`
  })
  expect(seen).toEqual([
    '2×3: 123456',
    '2×3: 321654',
    '2×3: 654321',
    '2×3: 456123',
    '3×2: 142536',
    '3×2: 415263',
    '3×2: 635241',
    '3×2: 362514',
  ])
})
