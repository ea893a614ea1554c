import { i32x4, i64x2, type Local, v128 } from 'wasmati'
import { MASK_FACTORS } from '../reference/mask-word.ts'
import { type Int, set, type Vector, vectors } from './assembly/assembly.ts'

/** The numbers of four neighbours: first, first + 1, first + 2, first + 3. */
export function numbersFrom(first: Int): Vector {
  // 0, 1, 2, 3 without a v128.const, for the reason that `constant` has: 0.40 ns an element of dropout, not 0.52.
  return i32x4.add(i32x4.splat(first), i32x4.extend_low_i16x8_u(i64x2.splat(0x0003_0002_0001_0000n)))
}

/** The locals that `maskWords` works with, once `setMaskFactors` has set them. */
export const maskLocals = { factors: vectors(2) } as const

/** Locals, since V8 of Node 24 joins splats of one number alone into vectors of 256 bits, and each constant is one by itself. */
export function setMaskFactors(factors: readonly Local<'v128'>[]): void {
  // Signed constants, as wasmati has them.
  for (const [i, factor] of factors.entries()) set(factor, i32x4.splat(MASK_FACTORS[i] | 0))
}

/**
 * 32 random bits for each of four elements of a mask, from their numbers: `maskWord` in reference/mask-word.ts, four at a
 * time. `layer` and `step` are its words, mixed. `h` is a local to work in.
 */
export function maskWords(
  h: Local<'v128'>,
  numbers: Vector,
  layer: Local<'i32'>,
  step: Local<'i32'>,
  factors: readonly Local<'v128'>[],
): Vector {
  set(h, v128.xor(numbers, i32x4.splat(layer)))
  set(h, i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), factors[0]))
  set(h, v128.xor(v128.xor(h, i32x4.shr_u(h, 15)), i32x4.splat(step)))
  set(h, i32x4.mul(h, factors[1]))
  return v128.xor(h, i32x4.shr_u(h, 15))
}
