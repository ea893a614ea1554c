import { oneOf } from '../options.ts'
import { accuracy } from './accuracy.ts'
import type { Metric } from './metric.ts'

const byName = { accuracy, acc: accuracy }

/** The metrics that options take by name. */
export type MetricName = keyof typeof byName

const names = Object.keys(byName) as MetricName[]

/**
 * Finds a metric by its name, or takes a `Metric` as it is.
 *
 * @param owner who takes the option `metrics`, for the error: `compile`
 * @throws OptionError
 * @example
 * metric('compile', 'acc').name // 'accuracy'
 */
export function metric(owner: string, given: MetricName | Metric): Metric {
  if (typeof given === 'object' && typeof given?.row === 'function') return given
  return byName[oneOf(owner, 'metrics', given as MetricName, names, 'a Metric')]()
}
