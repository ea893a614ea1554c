/** How far two numbers may be apart: |actual − expected| ≤ atol + rtol · |expected|. */
export interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

/**
 * The one comparator of this suite. It throws on the worst element, and on NaN, unequal lengths and empty arrays,
 * which a sloppier one would let pass.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { rtol, atol }: Tolerance,
  what = 'array',
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} elements, expected ${expected.length}`)
  }
  if (expected.length === 0) throw new Error(`${what}: nothing to compare`)
  let worst = 0
  let at = -1
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]
    const b = expected[i]
    // Infinity is matched by itself alone: a share of it would let every number pass.
    const allowed = Number.isFinite(b) ? atol + rtol * Math.abs(b) : 0
    const excess = Math.abs(a - b) / allowed
    if (Number.isNaN(a) || Number.isNaN(b)) throw new Error(`${what}[${i}]: ${a}, expected ${b}`)
    if (a !== b && excess > worst) {
      worst = excess
      at = i
    }
  }
  if (worst > 1)
    throw new Error(
      `${what}[${at}]: ${actual[at]}, expected ${expected[at]} (${worst.toFixed(2)} tolerances apart)`,
    )
}

/** Throws unless both arrays hold the same bits, −0 apart from +0 and NaN equal to NaN. */
export function expectSameBits(actual: ArrayLike<number>, expected: ArrayLike<number>, what = 'array'): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} elements, expected ${expected.length}`)
  }
  if (expected.length === 0) throw new Error(`${what}: nothing to compare`)
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i]))
      throw new Error(`${what}[${i}]: ${actual[i]}, expected exactly ${expected[i]}`)
  }
}

/** ‖actual − expected‖₂ / ‖expected‖₂; infinite where `expected` is all zero and `actual` is not. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let difference = 0
  let norm = 0
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2
    norm += expected[i] ** 2
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm)
}
