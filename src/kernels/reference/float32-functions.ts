/*
 * exp and log for float32, in float32 operations alone, so that every engine gives the same bits. Method and
 * coefficients: Moshier's Cephes library, `expf` and `logf`; errors stay below 1 unit in the last place, or 2 for results
 * that are subnormal.
 */

const f = Math.fround

/** Of the polynomial for exp(r), the highest power of r first. */
export const EXP_COEFFICIENTS = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
].map(f)
export const LOG2_E = f(Math.LOG2E)
/** ln 2 in two parts: the first has few bits, so that its multiples are exact. */
export const LN2_HIGH = f(0.693359375)
export const LN2_LOW = f(-2.1219444e-4)
/** Above it exp overflows float32; below the other it is 0. */
export const EXP_MAX = f(88.722839)
export const EXP_MIN = f(-103.97208)

/** 2^k at k + 80, for −80 ≤ k ≤ 80, by exact halvings and doublings. */
const POWERS_OF_TWO = new Float32Array(161)
for (let k = 0, up = 1, down = 1; k <= 80; k++, up *= 2, down /= 2) {
  POWERS_OF_TWO[80 + k] = up
  POWERS_OF_TWO[80 - k] = down
}

/** exp(x) for a float32 x: x = n·ln 2 + r with |r| ≤ ln 2 / 2, exp(x) = 2ⁿ·exp(r), exp(r) by a polynomial. */
export function exp32(x: number): number {
  if (x > EXP_MAX) return Number.POSITIVE_INFINITY
  if (x < EXP_MIN) return 0
  if (Number.isNaN(x)) return x
  const n = Math.floor(f(f(x * LOG2_E) + 0.5))
  const r = f(f(x - f(n * LN2_HIGH)) - f(n * LN2_LOW))
  let p = 0
  for (let i = 0; i < EXP_COEFFICIENTS.length; i++) p = f(f(p * r) + EXP_COEFFICIENTS[i])
  p = f(f(f(p * f(r * r)) + r) + 1)
  // In two factors, since 2¹²⁸ and 2⁻¹⁵⁰ are no float32.
  const half = n >> 1
  return f(f(p * POWERS_OF_TWO[80 + half]) * POWERS_OF_TWO[80 + n - half])
}

const LOG_COEFFICIENTS = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f)
const SQRT_HALF = f(Math.SQRT1_2)
const SMALLEST_NORMAL = f(1.17549435e-38)

const bits = new Int32Array(1)
const asFloat = new Float32Array(bits.buffer)

/** log(x) for a float32 x: x = m·2ᵉ with √½ ≤ m < √2, log(x) = e·ln 2 + log(m), log(m) by a polynomial in m − 1. */
export function log32(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) return x < 0 ? Number.NaN : x
  const subnormal = x < SMALLEST_NORMAL
  asFloat[0] = subnormal ? x * 0x1000000 : x
  let e = (bits[0] >> 23) - 126 - (subnormal ? 24 : 0)
  bits[0] = (bits[0] & 0x7fffff) | 0x3f000000
  let m = asFloat[0]
  if (m < SQRT_HALF) {
    e -= 1
    m = f(m + m)
  }
  m = f(m - 1)
  const z = f(m * m)
  let p = 0
  for (let i = 0; i < LOG_COEFFICIENTS.length; i++) p = f(f(p * m) + LOG_COEFFICIENTS[i])
  p = f(f(p * m) * z)
  p = f(p + f(e * LN2_LOW))
  p = f(p - f(0.5 * z))
  return f(f(m + p) + f(e * LN2_HIGH))
}
