import { ResumeError } from '../../errors.ts'
import type { Callback } from '../callbacks/callback.ts'
import type { WeightShape } from '../weights.ts'
import { partDifferences, valueDifferences } from './differences.ts'
import { matchCallbacks } from './match-callbacks.ts'
import type { DataSummary, FitSettings, FitState, Turn } from './training-state.ts'

/** What keeps a `fit` with these settings from going on from where another stood. */
export function settingsDifferences({ settings: then, epoch }: FitState, now: FitSettings): string[] {
  const found = (['batchSize', 'shuffle', 'seed', 'metrics'] as const).flatMap(key =>
    valueDifferences(key, then[key], now[key]),
  )
  found.push(...partDifferences('loss', then.loss, now.loss))
  found.push(...backendDifferences(then, now))
  found.push(...dataDifferences('the data', then.data, now.data))
  found.push(...dataDifferences('the validation data', then.validation, now.validation))
  if (now.epochs <= epoch) found.push(`epochs is ${now.epochs}, and epoch ${epoch + 1} has begun`)
  return found
}

/** What of a state cannot be, whatever `fit` it comes from. */
export function positionProblems(
  { settings, epoch, batch, turn, told, sums, callbacks }: FitState,
  stepsTaken: number,
): string[] {
  const found: string[] = []
  const steps = Math.ceil(settings.data.rows / settings.batchSize)
  const [least, most] = batchesAt(turn, steps)
  if (epoch < 0) {
    if (turn !== 'onEpochEnd' || batch !== 0)
      found.push(`epoch was ${epoch} with batch ${batch} at ${turn}, expected an epoch that has begun`)
  } else if (batch < least || batch > most) {
    found.push(`batch was ${batch} at ${turn}, expected ${least === most ? most : `${least} to ${most}`}`)
  }
  if ((turn === 'onTestBegin' || turn === 'onTestEnd') && settings.validation === null)
    found.push(`turn was ${turn}, expected none of a validation, which this fit did not have`)
  const fewest = Math.max(0, epoch) * steps + batch
  if (stepsTaken < fewest)
    found.push(`optimizer: ${stepsTaken} steps were taken, expected at least the ${fewest} of this fit`)
  const numbers = settings.metrics.length
  if (sums.length !== numbers) found.push(`sums had ${sums.length} numbers, expected ${numbers}`)
  if (told > callbacks.length) found.push(`told was ${told}, expected up to ${callbacks.length}`)
  const last = callbacks.at(-1)
  if (last?.type !== 'History' || last.state === null)
    found.push('callbacks: the last was none that keeps the History')
  return found
}

/** The batches that an epoch of so many steps can have behind it at a turn. */
function batchesAt(turn: Turn, steps: number): readonly [least: number, most: number] {
  switch (turn) {
    case 'onEpochBegin':
      return [0, 0]
    case 'onBatchBegin':
      return [0, steps - 1]
    case 'onBatchEnd':
      return [1, steps]
    default:
      return [steps, steps]
  }
}

/** What keeps callbacks from going on from the states of others. */
export function callbackDifferences(
  snapshots: FitState['callbacks'],
  callbacks: readonly Callback[],
  weights: readonly WeightShape[],
): string[] {
  return matchCallbacks(snapshots, callbacks).flatMap((place, i) => {
    const { type, state } = snapshots[i]
    if (state === null) return []
    if (place < 0) return [`callbacks: a ${type || 'callback'} with a state was there, and is missing now`]
    try {
      callbacks[place].checkState?.(state, weights)
      return []
    } catch (error) {
      return stateProblems(type, error)
    }
  })
}

/** What a callback says of a state that it does not take. */
export function stateProblems(type: string, error: unknown): string[] {
  if (error instanceof ResumeError) return error.differences.map(difference => `callbacks: ${difference}`)
  const message = error instanceof Error ? error.message : String(error)
  return [`callbacks: ${type || 'a callback'}: ${message}`]
}

function backendDifferences(then: FitSettings, now: FitSettings): string[] {
  return (['numerics', 'fusion'] as const).flatMap(option => {
    if (then[option] === undefined) return []
    const remedy = `setBackend({ ${option}: ${JSON.stringify(then[option])} }), before the model is built, chooses it`
    return valueDifferences(option, then[option], now[option]).map(difference => `${difference}: ${remedy}`)
  })
}

function dataDifferences(name: string, then: DataSummary | null, now: DataSummary | null): string[] {
  const rows = (data: DataSummary | null) => data?.rows ?? 0
  if (rows(then) !== rows(now)) return [`${name} had ${rows(then)} rows, and has ${rows(now)} now`]
  return then?.fingerprint === now?.fingerprint ? [] : [`${name} had other values, or another order of rows`]
}
