import { permutation, random } from '../tensor/random.ts'
import type { Real } from '../tensor/tensor.ts'
import { Breather } from './breather.ts'
import type { Callback } from './callbacks/callback.ts'
import { History } from './callbacks/history.ts'
import type { Evaluator } from './evaluator.ts'
import type { Logs } from './logs.ts'
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
export async function fit<A extends Real>(run: FitRun<A>): Promise<History> {
  const { model, data, epochs, batchSize, callbacks } = run
  const history = new History()
  const breather = new Breather()
  const params = { epochs, steps: Math.ceil(data.x.count / batchSize), rows: data.x.count }
  let logs: Logs = {}
  // Checks and the plan may have taken as long as a step.
  await breather.breathe()
  for (const callback of callbacks) await callback.onTrainBegin?.(params, model)
  for (let epoch = 0; epoch < epochs && !model.stopTraining; epoch++) {
    for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model)
    const began = performance.now()
    logs = await trainEpoch(run, epoch, breather)
    const trained = performance.now()
    await validate(run, logs, breather)
    history.add(epoch, logs, (trained - began) / 1000, (performance.now() - trained) / 1000)
    for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model)
  }
  for (const callback of callbacks) await callback.onTrainEnd?.(logs, model)
  return history
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
    if (!trainer.step(data, batch, seed)) throw trainer.diagnose(data, batch, epoch + 1, index + 1)
    trainer.objective.report(logs)
    for (const callback of callbacks) {
      const busy = callback.onBatchEnd?.(index, logs, model)
      if (busy) await busy
    }
    if (breather.isDue) await breather.breathe()
  }
  // An update can overflow though its loss was finite. Looked for once an epoch, since it takes as long as a small step.
  const ruined = trainer.diagnoseWeights(epoch + 1, Math.ceil(count / batchSize))
  if (ruined) throw ruined
  return logs
}

async function validate<A extends Real>(run: FitRun<A>, logs: Logs, breather: Breather): Promise<void> {
  if (!run.validation) return
  const { evaluator, data } = run.validation
  const { count } = data.x
  evaluator.objective.reset()
  for (let from = 0; from < count; from += run.batchSize) {
    run.signal?.throwIfAborted()
    evaluator.add(data, from, Math.min(run.batchSize, count - from))
    if (breather.isDue) await breather.breathe()
  }
  evaluator.objective.report(logs, name => `val${name[0].toUpperCase()}${name.slice(1)}`)
}
