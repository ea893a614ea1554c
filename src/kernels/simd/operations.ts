import { f32x4, type Input, i32x4, type Local, v128 } from 'wasmati'
import type { Numerics, Target } from './numerics.ts'

/** sum ← sum + a·b */
export function multiplyAdd(
  numerics: Numerics,
  sum: Local<'v128'>,
  a: Local<'v128'>,
  b: Local<'v128'>,
): Input<'v128'> {
  return numerics === 'fast' ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(f32x4.mul(a, b), sum)
}

/** Lane by lane `then` where the mask is all ones, `otherwise` where it is all zeros. */
export function select(
  { relaxedSimd }: Target,
  then: Input<'v128'>,
  otherwise: Input<'v128'>,
  mask: Local<'v128'>,
): Input<'v128'> {
  // For such masks both give the same bits; the relaxed one is a single instruction.
  return relaxedSimd ? i32x4.relaxed_laneselect(then, otherwise, mask) : v128.bitselect(then, otherwise, mask)
}
