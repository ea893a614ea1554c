import type { Config } from '../config.ts'
import { checkOptions, oneOf } from '../options.ts'
import { accuracy } from './accuracy.ts'
import type { Metric } from './metric.ts'

const byName = { accuracy, acc: accuracy }

/** The metrics that options take by name. */
export type MetricName = keyof typeof byName

const names = Object.keys(byName) as MetricName[]

/**
 * Makes a metric again from what describes it.
 *
 * @returns null where the library has no metric of this name
 * @throws OptionError
 */
export function builtInMetric(name: string, config: Config): Metric | null {
  if (!Object.hasOwn(byName, name)) return null
  checkOptions(name, config, [])
  return byName[name as MetricName]()
}

/** Whether a metric computes as the library's own of its name: a user's own may have that name. */
export const isBuiltInMetric = ({ name, row }: Metric): boolean => builtInMetric(name, {})?.row === row

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
