import { betterMode } from '../../model/callbacks/monitor.ts'

/**
 * Where a number of the history was best, as its name tells what is better; the first of equals.
 *
 * @returns an index of `values`; null where the name does not tell, or none of them is a number
 */
export function bestIndex(name: string, values: readonly number[]): number | null {
  const mode = betterMode(name)
  if (mode === null) return null
  const sign = mode === 'max' ? 1 : -1
  const order = [...values.keys()].filter(i => !Number.isNaN(values[i]))
  return order.reduce<number | null>(
    (best, i) => (best === null || sign * values[i] > sign * values[best] ? i : best),
    null,
  )
}
