import { formatNumber } from '../../text/format-number.ts'
import { withTrueMinus } from './with-true-minus.ts'

/** A loss or metric with the digits that `fit` prints, in pictures and tables alike: `0.9123`, `1.0000e−4`. */
export function fourDigits(value: number): string {
  return withTrueMinus(formatNumber(value))
}
