import type { Callback, FitParams } from './callbacks/callback.ts'
import type { Evaluator } from './evaluator.ts'
import { fingerprint } from './fingerprint.ts'
import { validationName } from './logs.ts'
import type { Labelled } from './rows.ts'
import type { Sequential } from './sequential.ts'
import type { Trainer } from './trainer.ts'
import type { DataSummary, FitSettings, FitState } from './training-state.ts'

/** A training run with everything checked and compiled. */
export interface FitRun {
  readonly model: Sequential
  readonly trainer: Trainer<Float32Array>
  readonly data: Labelled
  readonly validation: { readonly evaluator: Evaluator<Float32Array>; readonly data: Labelled } | null
  readonly epochs: number
  readonly batchSize: number
  readonly shuffle: boolean
  readonly seed: number
  readonly callbacks: readonly Callback[]
  readonly signal: AbortSignal | undefined
}

/** What callbacks are told of a run, and of where it goes on. */
export function paramsOf(
  { epochs, batchSize, data, trainer, validation }: FitRun,
  resumed: FitState | null,
): FitParams {
  const rows = data.x.count
  const { names } = trainer.objective
  const params = {
    epochs,
    steps: Math.ceil(rows / batchSize),
    rows,
    batchSize,
    names: validation ? [...names, ...names.map(validationName)] : names,
  }
  if (!resumed) return params
  const { turn, told, callbacks, epoch, batch } = resumed
  const isOver = turn === 'onEpochEnd' && told === callbacks.length
  return { ...params, resumedAt: isOver ? { epoch: epoch + 1, batch: 0 } : { epoch, batch } }
}

/** What a run was asked for. */
export function settingsOf({ model, data, trainer, validation, ...run }: FitRun): FitSettings {
  const { name, config } = model.compiled!.loss
  return {
    epochs: run.epochs,
    batchSize: run.batchSize,
    shuffle: run.shuffle,
    seed: run.seed,
    loss: { name, config },
    metrics: trainer.objective.names,
    data: summaryOf(data),
    validation: validation && summaryOf(validation.data),
  }
}

function summaryOf(data: Labelled): DataSummary {
  return { rows: data.x.count, fingerprint: fingerprint(data) }
}
