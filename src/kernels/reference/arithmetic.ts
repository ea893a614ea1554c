import type { Arithmetic } from '../kernels.ts'
import { exp32, log32 } from './float32-functions.ts'

/** Float32, each operation rounded by itself. */
export const float32: Arithmetic = { round: Math.fround, exp: exp32, log: log32 }

/** Float64, for gradient checks: nothing to round, and no promise of equal bits on every engine. */
export const float64: Arithmetic = { round: x => x, exp: Math.exp, log: Math.log }
