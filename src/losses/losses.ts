import type { Config } from '../config.ts'
import { oneOf } from '../options.ts'
import { binaryCrossentropy } from './binary-crossentropy.ts'
import { categoricalCrossentropy } from './categorical-crossentropy.ts'
import type { Loss } from './loss.ts'
import { meanSquaredError } from './mean-squared-error.ts'
import { sparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.ts'

const byName = {
  sparseCategoricalCrossentropy,
  categoricalCrossentropy,
  binaryCrossentropy,
  meanSquaredError,
}

/** The losses that options take by name, each with its default options. */
export type LossName = keyof typeof byName

const names = Object.keys(byName) as LossName[]

/**
 * Makes a loss again from what describes it.
 *
 * @returns null where the library has no loss of this name
 * @throws OptionError
 */
export function builtInLoss(name: string, config: Config): Loss | null {
  return Object.hasOwn(byName, name) ? byName[name as LossName](config) : null
}

/** Whether a loss computes as the library's own of its name and config: a user's own may have that name. */
export function isBuiltInLoss({ name, config, row }: Loss): boolean {
  try {
    return builtInLoss(name, config)?.row === row
  } catch {
    return false
  }
}

/**
 * Finds a loss by its name, or takes a `Loss` as it is.
 *
 * @param owner who takes the option `loss`, for the error: `compile`
 * @throws OptionError
 * @example
 * loss('compile', 'meanSquaredError').target // 'values'
 */
export function loss(owner: string, given: LossName | Loss): Loss {
  if (typeof given === 'object' && typeof given?.row === 'function') return given
  return byName[oneOf(owner, 'loss', given as LossName, names, 'a Loss')]()
}
