import type { Callback } from '../callbacks/callback.ts'
import type { Logs } from '../logs.ts'
import type { Turn } from '../resuming/training-state.ts'
import type { Sequential } from '../sequential.ts'

/** In their order in an epoch. */
export const turns: readonly Turn[] = [
  'onEpochBegin',
  'onBatchBegin',
  'onBatchEnd',
  'onTestBegin',
  'onTestEnd',
  'onEpochEnd',
]

/** Where a `fit` stands: see `FitState`. */
export interface Position {
  epoch: number
  batch: number
  turn: Turn
  told: number
  logs: Logs
}

/** Tells a callback of a turn. */
export function tell(
  callback: Callback,
  { turn, epoch, batch, logs }: Position,
  model: Sequential,
): void | Promise<void> {
  switch (turn) {
    case 'onEpochBegin':
      return callback.onEpochBegin?.(epoch, model)
    case 'onBatchBegin':
      return callback.onBatchBegin?.(batch, model)
    case 'onBatchEnd':
      return callback.onBatchEnd?.(batch - 1, logs, model)
    case 'onTestBegin':
      return callback.onTestBegin?.(model)
    case 'onTestEnd':
      return callback.onTestEnd?.(logs, model)
    case 'onEpochEnd':
      return callback.onEpochEnd?.(epoch, logs, model)
  }
}
