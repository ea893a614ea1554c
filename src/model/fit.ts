import { permutation, random } from '../tensor/random.ts'
import type { Real } from '../tensor/tensor.ts'
import { Breather } from './breather.ts'
import type { Callback, FitParams } from './callbacks/callback.ts'
import { History } from './callbacks/history.ts'
import type { Evaluator } from './evaluator.ts'
import { type Logs, validationName } from './logs.ts'
import type { Labelled } from './rows.ts'
import type { Sequential } from './sequential.ts'
import type { Batch, Trainer } from './trainer.ts'

/** A training run with everything checked and compiled. */
export interface FitRun<A extends Real> {
  readonly model: Sequential
  readonly trainer: Trainer<A>
  readonly data: Labelled
  readonly validation: { readonly evaluator: Evaluator<A>; readonly data: Labelled } | null
  readonly epochs: number
  readonly batchSize: number
  readonly shuffle: boolean
  readonly seed: number
  readonly callbacks: readonly Callback[]
  readonly signal: AbortSignal | undefined
}

/** Trains epoch by epoch. Whenever the event loop turns, the weights are whole: those after some step. */
export async function fit<A extends Real>(given: FitRun<A>): Promise<History> {
  const history = new History()
  const run: FitRun<A> = { ...given, callbacks: [...given.callbacks, history] }
  const { model, epochs, callbacks } = run
  const params = paramsOf(run)
  const breather = new Breather()
  /** Callbacks that were told of the beginning and not yet of the end. */
  const open: Callback[] = []
  let logs: Logs = {}
  try {
    // Checks and the plan may have taken as long as a step.
    await breather.breathe()
    for (const callback of callbacks) {
      open.push(callback)
      await callback.onTrainBegin?.(params, model)
    }
    for (let epoch = 0; epoch < epochs && !model.stopTraining; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model)
      logs = await trainEpoch(run, epoch, breather)
      await validate(run, logs, breather)
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model)
    }
    for (const callback of callbacks) {
      await callback.onTrainEnd?.(logs, model)
      open.shift()
    }
    return history
  } catch (error) {
    for (const callback of open) await tellOfFailure(callback, error, model)
    throw error
  }
}

function paramsOf<A extends Real>({ epochs, batchSize, data, trainer, validation }: FitRun<A>): FitParams {
  const rows = data.x.count
  const { names } = trainer.objective
  return {
    epochs,
    steps: Math.ceil(rows / batchSize),
    rows,
    batchSize,
    names: validation ? [...names, ...names.map(validationName)] : names,
  }
}

async function tellOfFailure(callback: Callback, error: unknown, model: Sequential): Promise<void> {
  try {
    await callback.onTrainFail?.(error, model)
  } catch {
    // The error that training failed with says more than one about the consequences.
  }
}

async function trainEpoch<A extends Real>(run: FitRun<A>, epoch: number, breather: Breather): Promise<Logs> {
  const { model, trainer, data, batchSize, shuffle, seed, callbacks, signal } = run
  const { count } = data.x
  const order = shuffle ? permutation(count, random(seed, 'shuffle', trainer.steps)) : null
  if (breather.isDue) await breather.breathe()
  const batch: Batch = { order, from: 0, rows: 0 }
  const logs: Logs = {}
  trainer.objective.reset()
  for (let index = 0; batch.from < count; index++, batch.from += batchSize) {
    signal?.throwIfAborted()
    batch.rows = Math.min(batchSize, count - batch.from)
    // By index, here and below: `for … of` makes an iterator, in each step anew.
    for (let i = 0; i < callbacks.length; i++) {
      const busy = callbacks[i].onBatchBegin?.(index, model)
      if (busy) await busy
    }
    if (!trainer.step(data, batch, seed)) throw trainer.diagnose(data, batch, epoch + 1, index + 1)
    trainer.objective.report(logs)
    for (let i = 0; i < callbacks.length; i++) {
      const busy = callbacks[i].onBatchEnd?.(index, logs, model)
      if (busy) await busy
    }
    if (breather.isDue) await breather.breathe()
  }
  // An update can overflow though its loss was finite. Looked for once an epoch, since it takes as long as a small step.
  const ruined = trainer.diagnoseWeights(epoch + 1, Math.ceil(count / batchSize))
  if (ruined) throw ruined
  return logs
}

/** Evaluates the validation rows, and adds their numbers to the epoch's. */
async function validate<A extends Real>(run: FitRun<A>, epochLogs: Logs, breather: Breather): Promise<void> {
  const { model, callbacks, validation, batchSize, signal } = run
  if (!validation) return
  const { evaluator, data } = validation
  const { count } = data.x
  for (const callback of callbacks) await callback.onTestBegin?.(model)
  evaluator.objective.reset()
  for (let from = 0; from < count; from += batchSize) {
    signal?.throwIfAborted()
    evaluator.add(data, from, Math.min(batchSize, count - from))
    if (breather.isDue) await breather.breathe()
  }
  const logs = evaluator.objective.report({})
  for (const callback of callbacks) await callback.onTestEnd?.(logs, model)
  for (const [name, value] of Object.entries(logs)) epochLogs[validationName(name)] = value
}
