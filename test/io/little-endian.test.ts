import { expect, test } from 'vitest'
import { littleEndian } from '../../src/io/little-endian.ts'

test('the lowest byte of each number is first, wherever in its buffer it lies', () => {
  const numbers = Float32Array.of(9, 1, -0, 3.4028234663852886e38).subarray(1)
  expect([...littleEndian(numbers)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0x80, 0xff, 0xff, 0x7f, 0x7f])
})
