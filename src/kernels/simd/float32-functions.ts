import { call, f32x4, func, i32x4, v128 } from 'wasmati'
import {
  EXP_COEFFICIENTS,
  EXP_MAX,
  EXP_MIN,
  LN2_HIGH,
  LN2_LOW,
  LOG2_E,
} from '../reference/float32-functions.ts'
import { constant, set, type Vector, writtenLate } from './assembly/assembly.ts'

/** 2ᵏ for integers −126 ≤ k ≤ 127, by their exponent bits. */
const powerOfTwo = (k: Vector) => i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23)

/** exp of four numbers: the steps of `exp32` in reference/float32-functions.ts, four at a time. */
const writeExp = () =>
  func({ in: [v128], locals: [v128, v128, v128], out: [v128] }, ([x], [n, r, p]) => {
    set(n, f32x4.floor(f32x4.add(f32x4.mul(x, constant(LOG2_E)), constant(0.5))))
    set(r, f32x4.sub(x, f32x4.mul(n, constant(LN2_HIGH))))
    set(r, f32x4.sub(r, f32x4.mul(n, constant(LN2_LOW))))
    set(p, constant(EXP_COEFFICIENTS[0]))
    for (const c of EXP_COEFFICIENTS.slice(1)) set(p, f32x4.add(f32x4.mul(p, r), constant(c)))
    set(p, f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r))
    set(p, f32x4.add(p, constant(1)))
    // From here on `n` holds integers and `r` halves of them.
    set(n, i32x4.trunc_sat_f32x4_s(n))
    set(r, i32x4.shr_s(n, 1))
    set(p, f32x4.mul(p, powerOfTwo(r)))
    set(p, f32x4.mul(p, powerOfTwo(i32x4.sub(n, r))))
    // NaN came all the way by itself.
    set(p, v128.bitselect(constant(Number.POSITIVE_INFINITY), p, f32x4.gt(x, constant(EXP_MAX))))
    v128.andnot(p, f32x4.lt(x, constant(EXP_MIN)))
  })

const exp32x4 = writtenLate({ args: ['v128'], results: ['v128'] }, writeExp)

/** exp(x) of four numbers, with the bits of `exp32`. */
export const exp = (x: Vector): Vector => call(exp32x4, [x])
