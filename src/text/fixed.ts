/**
 * `toFixed` that rounds what lies exactly halfway to the even digit, as Python does: 0.125 is 0.12. Halfway, x is an odd
 * multiple of ½·10⁻ᵈ, so that, being binary, it is an odd multiple of 2⁻ᵈ⁻¹ too, and x·10ᵈ is exact.
 */
export function fixed(x: number, digits: number): string {
  const halfway = (x * 2 ** (digits + 1)) % 2 === 1
  return (halfway ? (2 * Math.round((x * 10 ** digits) / 2)) / 10 ** digits : x).toFixed(digits)
}
