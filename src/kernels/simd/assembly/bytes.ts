import { i8x16, i16x8, i32x4, type Local, v128 } from 'wasmati'
import type { Int, Vector } from './assembly.ts'

/** Four bytes, `offset` from an address on, as 32-bit integers. */
export function loadBytes(address: Int, offset = 0): Vector {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero({ offset }, address)))
}

/** The low bytes of four integers side by side, before others that mean nothing. */
export function lowBytes(integers: Local<'v128'>): Vector {
  return i8x16.shuffle([0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], integers, integers)
}
