import type { DType } from './table.ts'

/** Digits after the point: pandas' `display.precision`. */
const PRECISION = 6

/**
 * The numbers of one column as pandas prints them: whole numbers plainly; others all with the same count of digits after
 * the point, at most six and at least one; and all with an exponent where some are too small, or too long, for that.
 *
 * Source: `FloatArrayFormatter` in pandas' `io/formats/format.py`.
 *
 * @example
 * formatColumn([1.5, 2, 3.25], 'float64') // ['1.50', '2.00', '3.25']
 */
export function formatColumn(values: readonly number[], dtype: DType): string[] {
  if (dtype === 'uint8') return values.map(String)
  const plain = trimZeros(values.map(value => value.toFixed(PRECISION)))
  const sizes = values.map(Math.abs)
  const tooSmall = sizes.some(size => size > 0 && size < 10 ** -PRECISION)
  const tooLong = plain.some(text => text.replace('-', '').length > PRECISION + 5)
  return tooSmall || (tooLong && sizes.some(size => size > 1e6)) ? values.map(formatExponent) : plain
}

function trimZeros(texts: readonly string[]): string[] {
  let trimmed = [...texts]
  while (trimmed.length > 0 && trimmed.every(text => /\.\d+0$/.test(text))) {
    trimmed = trimmed.map(text => text.slice(0, -1))
  }
  return trimmed
}

/** `1.000000e-07`: JavaScript writes the exponent with as few digits as it has, Python with at least two. */
function formatExponent(value: number): string {
  return value.toExponential(PRECISION).replace(/e([+-])(\d)$/, 'e$10$2')
}
