import { expect, test } from 'vitest'
import { tfRecord } from '../../../src/io/tensor-board/tf-record.ts'

test('a record is length, checksum of the length, data and checksum of the data', () => {
  // From TensorFlow's own test of checksums: 32 zeros have the CRC-32C 8a9136aa.
  const zeros = new Uint8Array(32)
  const record = tfRecord(zeros)
  const view = new DataView(record.buffer)
  expect(record.length).toBe(8 + 4 + 32 + 4)
  expect(view.getBigUint64(0, true)).toBe(32n)
  const unmasked = (masked: number) => {
    const rotated = (masked - 0xa282ead8) >>> 0
    return ((rotated >>> 17) | (rotated << 15)) >>> 0
  }
  expect(unmasked(view.getUint32(44, true))).toBe(0x8a9136aa)
  expect(record.subarray(12, 44)).toEqual(zeros)
})

test('no data is a record too', () => {
  expect(Buffer.from(tfRecord(new Uint8Array(0))).toString('hex')).toBe('000000000000000029039807d8ea82a2')
})
