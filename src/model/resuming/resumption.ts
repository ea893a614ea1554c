import { ResumeError } from '../../errors.ts'
import type { Callback } from '../callbacks/callback.ts'
import type { Compiled } from '../options.ts'
import type { PlacedParameter } from '../plan/parameters.ts'
import type { Runner } from '../runner.ts'
import type { StoredTraining } from '../storage.ts'
import { callbackDifferences, positionProblems, settingsDifferences } from './fit-differences.ts'
import { keepsState } from './match-callbacks.ts'
import { arrayDifferences, nonFiniteNumbers } from './memory-differences.ts'
import { trainingState } from './state-schema.ts'
import type { FitSettings, FitState, Plain, TrainingState } from './training-state.ts'

/**
 * A state that is handed in as an object.
 *
 * @param owner who is given it
 * @throws ResumeError where it is not made as `getTrainingState` makes it
 */
export function givenState(
  owner: string,
  state: TrainingState,
  weights: readonly PlacedParameter[],
): StoredTraining {
  const wrong: string[] = []
  trainingState(state, 'state', problem => wrong.push(problem))
  if (wrong.length > 0) throw new ResumeError(owner, wrong)
  return { state, problems: arrayDifferences(state, weights) }
}

/** What keeps a model from taking over a state, or is wrong with that. */
export function stateDifferences(
  { state, problems }: StoredTraining,
  runner: Runner,
  compiled: Compiled | null,
  allowNonFinite: boolean,
): string[] {
  return [
    ...runner.differences(state, compiled),
    ...(state.fit ? positionProblems(state.fit, state.optimizer?.steps ?? 0) : []),
    ...problems,
    ...(allowNonFinite ? [] : nonFiniteNumbers(state)),
  ]
}

/** What is to go on from a state. */
interface Resumed {
  readonly model: { stopTraining: boolean }
  readonly runner: Runner
  readonly compiled: Compiled
  readonly settings: FitSettings
  readonly callbacks: readonly Callback[]
  readonly allowNonFinite: boolean
}

/** What there was before. */
interface Before {
  readonly state: TrainingState
  readonly stopTraining: boolean
  readonly callbacks: readonly Plain[]
}

/** The way of a `fit` to where another stood: all is checked first, then all is set, and put back where a callback fails. */
export class Resumption {
  /** Where the other stood. */
  readonly fit: FitState
  /** Where the state is from: a file, or `fit` where it was given an object. */
  readonly from: string
  readonly #state: TrainingState
  readonly #now: Resumed
  #before: Before | null = null

  /** @throws ResumeError listing all that keeps it from that */
  constructor(from: string, stored: StoredTraining, now: Resumed) {
    const { runner, compiled, settings, callbacks, allowNonFinite } = now
    const { fit } = stored.state
    const differences = fit
      ? [
          ...settingsDifferences(fit, settings),
          ...callbackDifferences(fit.callbacks, callbacks, runner.network.placed),
        ]
      : ['no fit had begun: setTrainingState takes such a state, and fit begins by itself']
    differences.push(...stateDifferences(stored, runner, compiled, allowNonFinite))
    if (!fit || differences.length > 0) throw new ResumeError(from, differences)
    this.fit = fit
    this.from = from
    this.#state = stored.state
    this.#now = now
  }

  /** Sets what the model has. */
  begin(): void {
    const { model, runner, compiled, callbacks } = this.#now
    this.#before = {
      state: runner.snapshot(compiled),
      stopTraining: model.stopTraining,
      callbacks: callbacks.map(callback => (keepsState(callback) ? callback.getState!() : null)),
    }
    runner.restore(this.#state, compiled)
  }

  /** From now on there is no way back. */
  commit(): void {
    this.#before = null
  }

  /** Puts back what there was, and says whether it has. */
  undo(): boolean {
    const { model, runner, compiled, callbacks } = this.#now
    const before = this.#before
    if (!before) return false
    runner.restore(before.state, compiled)
    model.stopTraining = before.stopTraining
    for (const [i, state] of before.callbacks.entries()) {
      if (state === null) continue
      try {
        callbacks[i].setState!(state)
      } catch {} // The first error says more.
    }
    this.#before = null
    return true
  }
}
