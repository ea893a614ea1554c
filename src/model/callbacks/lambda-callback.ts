import { checkOptions } from '../../options.ts'
import type { Callback } from './callback.ts'
import { checkHooks, hooks } from './hooks.ts'

/** Without `undefined`, which a property that may be missing need not allow. */
type Functions = Required<Callback>

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
  readonly onTrainBegin?: Functions['onTrainBegin']
  readonly onEpochBegin?: Functions['onEpochBegin']
  readonly onBatchBegin?: Functions['onBatchBegin']
  readonly onBatchEnd?: Functions['onBatchEnd']
  readonly onTestBegin?: Functions['onTestBegin']
  readonly onTestEnd?: Functions['onTestEnd']
  readonly onEpochEnd?: Functions['onEpochEnd']
  readonly onTrainEnd?: Functions['onTrainEnd']
  readonly onTrainFail?: Functions['onTrainFail']
  readonly getState?: Functions['getState']
  readonly checkState?: Functions['checkState']
  readonly setState?: Functions['setState']

  constructor(functions: Callback) {
    checkOptions('LambdaCallback', functions, hooks)
    checkHooks('LambdaCallback', '', functions)
    Object.assign(this, functions)
  }
}
