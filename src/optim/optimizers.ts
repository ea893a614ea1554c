import type { Config } from '../config.ts'
import { oneOf } from '../options.ts'
import { Adam } from './adam.ts'
import type { Optimizer } from './optimizer.ts'
import { SGD } from './sgd.ts'

const byName = { adam: Adam, sgd: SGD }

/** The optimisers that options take by name, each with its default options. */
export type OptimizerName = keyof typeof byName

const names = Object.keys(byName) as OptimizerName[]

/** Whether an optimiser is of one of the library's own classes itself: a user's own, derived from it, may do something else. */
export const isBuiltInOptimizer = (given: Optimizer): boolean =>
  Object.values<unknown>(byName).includes(given.constructor)

/**
 * Makes an optimiser again from what describes it.
 *
 * @returns null where the library has no optimiser of this name
 * @throws OptionError
 */
export function builtInOptimizer(name: string, config: Config): Optimizer | null {
  return Object.hasOwn(byName, name) ? new byName[name as OptimizerName](config) : null
}

/**
 * Makes an optimiser by its name, or takes an `Optimizer` as it is.
 *
 * @param owner who takes the option `optimizer`, for the error: `compile`
 * @throws OptionError
 * @example
 * optimizer('compile', 'adam').learningRate // 0.001
 */
export function optimizer(owner: string, given: OptimizerName | Optimizer): Optimizer {
  if (typeof given === 'object' && typeof given?.bind === 'function') return given
  return new byName[oneOf(owner, 'optimizer', given as OptimizerName, names, 'an Optimizer')]()
}
