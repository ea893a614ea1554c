/**
 * A number as pictures and pages have it: with a true minus, and no plus in its exponent.
 *
 * @example
 * withTrueMinus('-1.5e+6') // '−1.5e6'
 */
export function withTrueMinus(number: string): string {
  return number.replaceAll('-', '−').replace('e+', 'e')
}
