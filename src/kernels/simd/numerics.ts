import { f32x4, type Input, i32x4, type Local, v128 } from 'wasmati'

/**
 * `strict`: no fused multiply-add, so that every engine gives the bits of the reference. `fast`: relaxed SIMD's
 * multiply-add, which rounds once where the engine's machine can, and Winograd's algorithm for deep convolutions of 3×3.
 */
export type Numerics = 'strict' | 'fast'

/**
 * The shape of the tile of outputs that one loop keeps in registers: columns are a multiple of 4. Where V8 joins vectors
 * into ones of 256 bits, twice as many fit.
 */
export interface Tile {
  readonly rows: number
  readonly columns: number
}

/** What the kernels are written for. */
export interface Target {
  readonly numerics: Numerics
  readonly tile: Tile
  /** Whether the engine has relaxed SIMD; fast numerics needs it. */
  readonly relaxedSimd: boolean
}

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
