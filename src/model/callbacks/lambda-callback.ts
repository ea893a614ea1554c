import { OptionError } from '../../errors.ts'
import { checkOptions } from '../../options.ts'
import type { Callback } from './callback.ts'

const hooks = [
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
  'setState',
] as const satisfies readonly (keyof Callback)[]

/**
 * A callback of functions. `fit` takes an object of them as well; this one refuses what is not among the functions of a
 * {@link Callback}, where a misspelt one would silently never be called.
 *
 * Source: Keras 3, `LambdaCallback`.
 *
 * @throws OptionError for a function of another name, or something that is no function
 * @example
 * const log = new LambdaCallback({ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) })
 */
export class LambdaCallback implements Callback {
  readonly type = 'LambdaCallback'
  readonly onTrainBegin: Callback['onTrainBegin']
  readonly onEpochBegin: Callback['onEpochBegin']
  readonly onBatchBegin: Callback['onBatchBegin']
  readonly onBatchEnd: Callback['onBatchEnd']
  readonly onTestBegin: Callback['onTestBegin']
  readonly onTestEnd: Callback['onTestEnd']
  readonly onEpochEnd: Callback['onEpochEnd']
  readonly onTrainEnd: Callback['onTrainEnd']
  readonly onTrainFail: Callback['onTrainFail']
  readonly getState: Callback['getState']
  readonly setState: Callback['setState']

  constructor(functions: Callback) {
    checkOptions('LambdaCallback', functions, hooks)
    for (const hook of hooks) {
      const given = functions[hook]
      if (given !== undefined && typeof given !== 'function')
        throw new OptionError('LambdaCallback', hook, given, 'a function')
    }
    Object.assign(this, functions)
  }
}
