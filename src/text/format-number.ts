/**
 * A loss or metric as Keras prints it: four digits behind the point; of a number as small as a learning rate, four behind its
 * first.
 *
 * @example
 * formatNumber(0.91234) // '0.9123'
 * formatNumber(0.0001) // '1.0000e-4'
 */
export function formatNumber(value: number): string {
  return value === 0 || Math.abs(value) > 1e-3 ? value.toFixed(4) : value.toExponential(4)
}
