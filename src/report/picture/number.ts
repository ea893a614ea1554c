/** A number with three significant digits and a true minus: `−0.312`, `5`, `1.44e−6`. */
export function threeDigits(value: number): string {
  const size = Math.abs(value)
  const rounded = Number(value.toPrecision(3))
  const isPlain = size === 0 || (size >= 0.001 && size < 1e6)
  return (isPlain ? String(rounded) : rounded.toExponential()).replaceAll('-', '−').replace('e+', 'e')
}
