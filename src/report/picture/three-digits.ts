import { withTrueMinus } from './with-true-minus.ts'

/** A number with three significant digits: `−0.312`, `5`, `1.44e−6`. */
export function threeDigits(value: number): string {
  const size = Math.abs(value)
  const rounded = Number(value.toPrecision(3))
  const isPlain = size === 0 || (size >= 0.001 && size < 1e6)
  return withTrueMinus(isPlain ? String(rounded) : rounded.toExponential())
}
