import { f32x4, type Input, type Local } from 'wasmati'
import type { Numerics } from './numerics.ts'

/** sum ← sum + a·b */
export function multiplyAdd(
  numerics: Numerics,
  sum: Local<'v128'>,
  a: Local<'v128'>,
  b: Local<'v128'>,
): Input<'v128'> {
  return numerics === 'fast' ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(f32x4.mul(a, b), sum)
}
