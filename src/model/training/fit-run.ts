import type { Callback, FitParams } from '../callbacks/callback.ts'
import type { History } from '../callbacks/history.ts'
import type { Evaluator } from '../evaluator.ts'
import { validationName } from '../logs.ts'
import type { Compiled } from '../options.ts'
import type { Network } from '../plan/network.ts'
import { fingerprint } from '../resuming/fingerprint.ts'
import type { Resumption } from '../resuming/resumption.ts'
import type { DataSummary, FitSettings, FitState } from '../resuming/training-state.ts'
import type { Labelled } from '../rows.ts'
import type { Sequential } from '../sequential.ts'
import type { Trainer } from './trainer.ts'

/** A training run with everything checked and compiled. */
export interface FitRun {
  readonly model: Sequential
  readonly trainer: Trainer<Float32Array>
  readonly data: Labelled
  readonly validation: { readonly evaluator: Evaluator<Float32Array>; readonly data: Labelled } | null
  readonly settings: FitSettings
  /** The history last. */
  readonly callbacks: readonly Callback[]
  readonly history: History
  readonly signal: AbortSignal | undefined
  /** Null where the run begins at the beginning. */
  readonly resumption: Resumption | null
}

/** What callbacks are told of a run, and of where it goes on. */
export function paramsOf(
  { epochs, batchSize, metrics, data, validation }: FitSettings,
  resumed: FitState | null,
): FitParams {
  const params = {
    epochs,
    steps: Math.ceil(data.rows / batchSize),
    rows: data.rows,
    batchSize,
    names: validation ? [...metrics, ...metrics.map(validationName)] : metrics,
  }
  if (!resumed) return params
  const { turn, told, callbacks, epoch, batch } = resumed
  const isOver = turn === 'onEpochEnd' && told === callbacks.length
  return { ...params, resumedAt: isOver ? { epoch: epoch + 1, batch: 0 } : { epoch, batch } }
}

/** What a run was asked for. */
export function settingsOf(
  asked: Pick<FitSettings, 'epochs' | 'batchSize' | 'shuffle' | 'seed'>,
  { loss, metrics }: Compiled,
  { options }: Network<Float32Array>,
  data: Labelled,
  validation: Labelled | null,
): FitSettings {
  const { epochs, batchSize, shuffle, seed } = asked
  return {
    epochs,
    batchSize: Math.min(batchSize, data.x.count),
    shuffle,
    seed,
    loss: { name: loss.name, config: loss.config },
    metrics: ['loss', ...metrics.map(({ name }) => name)],
    data: summaryOf(data),
    validation: validation && summaryOf(validation),
    numerics: options.numerics,
    fusion: options.fuse,
  }
}

function summaryOf(data: Labelled): DataSummary {
  return { rows: data.x.count, fingerprint: fingerprint(data) }
}
