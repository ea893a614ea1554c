import { readFileSync } from 'node:fs'
import { type Callback, Dense, type Logs, Sequential, SGD } from 'convnet-ts'

/** What Keras' callbacks did with sequences of numbers: test/golden/callbacks.py tells how they were made. */
export const golden = JSON.parse(
  readFileSync(new URL('../golden/callbacks.json', import.meta.url), 'utf8'),
) as {
  readonly earlyStopping: readonly (Case & {
    readonly epochs: number
    readonly stoppedEpoch: number
    readonly bestEpoch: number
    readonly best: number
    readonly restored: number | null
  })[]
  readonly reduceLROnPlateau: readonly (Case & {
    readonly learningRates: readonly number[]
    readonly logged: readonly number[]
  })[]
  readonly modelCheckpoint: readonly (Case & { readonly saved: readonly number[] })[]
}

interface Case {
  readonly options: { readonly [name: string]: unknown }
  readonly values: readonly number[]
}

/** The options of a case: those that are null in it are left out. */
export function optionsOf({ options }: Case): object {
  const given = Object.entries(options).filter(([, value]) => value !== null)
  return { monitor: 'score', ...Object.fromEntries(given) }
}

/** A model whose one weight is, after an epoch, that epoch: its callbacks can tell which one they have. */
export function countingModel(learningRate = 0.01): Sequential {
  const model = new Sequential([new Dense({ units: 1, useBias: false })], { inputShape: [1] })
  model.compile({ loss: 'meanSquaredError', optimizer: new SGD({ learningRate }) })
  return model
}

/** The epoch that a counting model has the weight of. */
export const epochOf = (model: Sequential): number => model.getWeights()[0].data[0]

/**
 * Tells a callback of a training whose epochs have these numbers, as `fit` does.
 *
 * @param afterEpoch called behind the callback
 * @returns the number of epochs until training ended
 */
export function replay(
  callback: Callback,
  model: Sequential,
  values: readonly number[],
  afterEpoch: (epoch: number, logs: Logs) => void = () => {},
): number {
  const params = { epochs: values.length, steps: 1, rows: 1, batchSize: 1, names: ['score'] }
  model.stopTraining = false
  callback.onTrainBegin?.(params, model)
  let epoch = 0
  for (; epoch < values.length && !model.stopTraining; epoch++) {
    callback.onEpochBegin?.(epoch, model)
    model.setWeights([Float32Array.of(epoch)])
    const logs = { score: values[epoch] }
    callback.onEpochEnd?.(epoch, logs, model)
    afterEpoch(epoch, logs)
  }
  callback.onTrainEnd?.({}, model)
  return epoch
}
