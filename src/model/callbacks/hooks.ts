import { OptionError } from '../../errors.ts'
import type { Callback } from './callback.ts'

/** The names of a callback's functions. */
export const hooks = [
  'onTrainBegin',
  'onEpochBegin',
  'onBatchBegin',
  'onBatchEnd',
  'onTestBegin',
  'onTestEnd',
  'onEpochEnd',
  'onTrainEnd',
  'onTrainFail',
  'getState',
  'checkState',
  'setState',
] as const satisfies readonly (keyof Callback)[]

/**
 * Refuses a callback whose functions are none.
 *
 * @param prefix what stands in front of a function's name: `callbacks[0].`
 * @throws OptionError naming the function
 */
export function checkHooks(owner: string, prefix: string, callback: Callback): void {
  for (const hook of hooks) {
    const given = callback[hook]
    if (given !== undefined && typeof given !== 'function')
      throw new OptionError(owner, `${prefix}${hook}`, given, 'a function')
  }
}
