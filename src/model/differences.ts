import { show } from '../errors.ts'
import type { OptimizerState } from '../optim/optimizer.ts'
import type { Callback } from './callbacks/callback.ts'
import { matchCallbacks } from './match-callbacks.ts'
import type { Compiled } from './options.ts'
import type { PlacedParameter } from './parameters.ts'
import type { Arrays, DataSummary, FitSettings, FitState, OptimizerSnapshot } from './training-state.ts'
import { turns } from './turns.ts'

/** What keeps arrays of a state from being a model's weights, or an optimiser's arrays for them. */
export function arrayDifferences(name: string, arrays: Arrays, placed: readonly PlacedParameter[]): string[] {
  const paths = placed.map(({ path }) => path)
  const found = nameDifferences(name, Object.keys(arrays), paths)
  for (const { path, size } of placed) {
    const length = arrays[path]?.length ?? size
    if (length !== size) found.push(`${name}: ${path} had ${length} numbers, and has ${size} now`)
  }
  return found
}

/** What keeps an optimiser's memory from being the compiled optimiser's. */
export function optimizerDifferences(
  { name, config, steps, slots, scalars }: OptimizerSnapshot,
  { optimizer }: Compiled,
  state: OptimizerState<Float32Array>,
  placed: readonly PlacedParameter[],
): string[] {
  const now = { name: optimizer.name, ...withoutRate(optimizer.config) }
  const found = valueDifferences('optimizer', { name, ...withoutRate(config) }, now)
  if (name !== optimizer.name || steps === 0) return found
  found.push(...nameDifferences('optimizer', Object.keys(slots), Object.keys(state.slots)))
  found.push(...nameDifferences('optimizer', Object.keys(scalars), Object.keys(state.scalars)))
  for (const slot of Object.keys(state.slots)) {
    found.push(...arrayDifferences(`optimizer: ${slot}`, slots[slot] ?? {}, placed))
  }
  return found
}

/** What keeps a `fit` from going on from where another stood. */
export function fitDifferences(
  { settings: then, turn, epoch, batch, told, sums, callbacks: snapshots }: FitState,
  now: FitSettings,
  callbacks: readonly Callback[],
): string[] {
  const found: string[] = []
  for (const key of ['batchSize', 'shuffle', 'seed', 'loss', 'metrics'] as const) {
    found.push(...valueDifferences(key, then[key], now[key]))
  }
  found.push(...dataDifferences('the data', then.data, now.data))
  found.push(...dataDifferences('the validation data', then.validation, now.validation))
  if (now.epochs <= epoch) found.push(`epochs is ${now.epochs}, and epoch ${epoch + 1} has begun`)
  if (!turns.includes(turn)) found.push(`turn was ${show(turn)}, expected one of ${turns.join(', ')}`)
  const steps = Math.ceil(now.data.rows / now.batchSize)
  const listed = snapshots.length
  const numbers = then.metrics.length
  if (batch > steps) found.push(`batch was ${batch}, expected up to ${steps}`)
  if (told > listed) found.push(`told was ${told}, expected up to ${listed}`)
  if (sums.length !== numbers) found.push(`sums had ${sums.length} numbers, expected ${numbers}`)
  for (const [i, place] of matchCallbacks(snapshots, callbacks).entries()) {
    const { type, state } = snapshots[i]
    if (place < 0 && state !== null) {
      found.push(`callbacks: a ${type || 'callback'} with a state was there, and is missing now`)
    }
  }
  return found
}

function dataDifferences(name: string, then: DataSummary | null, now: DataSummary | null): string[] {
  const rows = (data: DataSummary | null) => data?.rows ?? 0
  if (rows(then) !== rows(now)) return [`${name} had ${rows(then)} rows, and has ${rows(now)} now`]
  return then?.fingerprint === now?.fingerprint ? [] : [`${name} had other values, or another order of rows`]
}

function nameDifferences(owner: string, then: readonly string[], now: readonly string[]): string[] {
  const [before, after] = [new Set(then), new Set(now)]
  return [
    ...then.filter(name => !after.has(name)).map(name => `${owner}: ${name} was there, and is not now`),
    ...now.filter(name => !before.has(name)).map(name => `${owner}: ${name} was not there, and is now`),
  ]
}

function valueDifferences(name: string, then: unknown, now: unknown): string[] {
  const [before, after] = [then, now].map(value => JSON.stringify(value))
  return before === after ? [] : [`${name} was ${before}, and is ${after} now`]
}

/** A learning rate is taken from the state, whatever it is now. */
function withoutRate(config: OptimizerSnapshot['config']): object {
  const { learningRate: _, ...others } = config
  return others
}
