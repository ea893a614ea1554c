import { ResumeError } from '../../errors.ts'
import { permutation, random } from '../../tensor/random.ts'
import type { Callback } from '../callbacks/callback.ts'
import { checkLogs } from '../callbacks/check-logs.ts'
import type { History } from '../callbacks/history.ts'
import { validationName } from '../logs.ts'
import { stateProblems } from '../resuming/fit-differences.ts'
import { matchCallbacks } from '../resuming/match-callbacks.ts'
import type { FitState, Turn } from '../resuming/training-state.ts'
import { Breather } from './breather.ts'
import { type FitRun, paramsOf } from './fit-run.ts'
import type { Batch } from './trainer.ts'
import { type Position, tell } from './turns.ts'

/**
 * Trains turn by turn: a turn is a function that callbacks are called with, and between two of them lies a step, a
 * validation, or nothing. So what is known at a turn is all that there is to know, and training can be resumed from any of
 * them. Whenever the event loop turns, the weights are whole: those after some step.
 */
export class Fit {
  readonly #run: FitRun
  /** Steps an epoch. */
  readonly #steps: number
  readonly #breather = new Breather()
  readonly #batch: Batch = { order: null, from: 0, rows: 0 }
  readonly #at: Position = { epoch: -1, batch: 0, turn: 'onEpochEnd', told: 0, logs: {} }
  /** A state that is not to change any more, or not yet. */
  #held: FitState | null = null

  constructor(run: FitRun) {
    this.#run = run
    this.#steps = Math.ceil(run.data.x.count / run.settings.batchSize)
    this.#at.told = run.callbacks.length
    this.#held = run.resumption?.fit ?? null
  }

  /** Where it stands. */
  get state(): FitState {
    if (this.#held) return this.#held
    const { model, trainer, settings, callbacks } = this.#run
    const { epoch, batch, turn, told, logs } = this.#at
    return {
      settings,
      epoch,
      batch,
      turn,
      told,
      sums: trainer.objective.sums,
      logs: turn === 'onTestEnd' || turn === 'onEpochEnd' ? { ...logs } : {},
      stopTraining: model.stopTraining,
      callbacks: callbacks.map(callback => ({
        type: callback.type ?? '',
        state: callback.getState?.() ?? null,
      })),
    }
  }

  /** Where it stood when it came to its end. */
  get last(): FitState | null {
    return this.#held
  }

  async train(): Promise<History> {
    const { model, settings, callbacks, history } = this.#run
    const params = paramsOf(settings, this.#held)
    /** Callbacks that were told of the beginning and not yet of the end. */
    const open: Callback[] = []
    try {
      // Checks and the plan may have taken as long as a step.
      await this.#breather.breathe()
      for (const callback of callbacks) {
        open.push(callback)
        await callback.onTrainBegin?.(params, model)
      }
      this.#resume()
      await this.#goOn()
      this.#hold()
      for (const callback of callbacks) {
        await callback.onTrainEnd?.(this.#at.logs, model)
        open.shift()
      }
      return history
    } catch (error) {
      await quietly(() => this.#hold())
      for (const callback of open) await quietly(() => callback.onTrainFail?.(error, model))
      throw error
    }
  }

  /** Keeps where it stands, before callbacks let go of what they have. */
  #hold(): void {
    this.#held ??= this.state
  }

  #resume(): void {
    const { model, trainer, settings, data, callbacks, resumption } = this.#run
    if (!resumption) return
    const { epoch, batch, turn, told, sums, logs, stopTraining, callbacks: snapshots } = resumption.fit
    trainer.objective.restore(sums, Math.min(batch * settings.batchSize, data.x.count))
    const places = matchCallbacks(snapshots, callbacks)
    for (const [i, place] of places.entries()) {
      const { type, state } = snapshots[i]
      if (state === null) continue
      try {
        callbacks[place].setState!(state)
      } catch (cause) {
        throw new ResumeError(resumption.from, stateProblems(type, cause), { cause })
      }
    }
    Object.assign(this.#at, {
      epoch,
      batch,
      turn,
      told: places.slice(told).find(place => place >= 0) ?? callbacks.length,
      logs: turn === 'onBatchEnd' ? trainer.objective.report({}) : { ...logs },
    })
    if (turn === 'onBatchBegin') this.#drawOrder()
    model.stopTraining = stopTraining
    this.#held = null
    resumption.commit()
  }

  /** Goes from turn to turn until there is none. */
  async #goOn(): Promise<void> {
    for (;;) {
      const busy = this.#tell()
      if (busy) await busy
      // Nothing has been computed before a batch's beginning that was not waited for at the turn before.
      if (this.#at.turn !== 'onBatchBegin' && this.#breather.isDue) await this.#breather.breathe()
      const next = this.#at.turn === 'onTestBegin' ? await this.#validate() : this.#proceed(this.#at.turn)
      if (next === null) return
      this.#at.turn = next
      this.#at.told = 0
    }
  }

  /** Tells all callbacks of the turn that have not been told. Creates nothing where none is busy. */
  #tell(): void | Promise<void> {
    const { callbacks, history } = this.#run
    while (this.#at.told < callbacks.length) {
      const callback = callbacks[this.#at.told++]
      // Most callbacks have nothing to do at most turns.
      if (!callback[this.#at.turn]) continue
      const busy = tell(callback, this.#at, this.#run.model)
      if (busy) {
        return Promise.resolve(busy).then(() => {
          checkLogs(callback, this.#at.logs)
          return this.#tell()
        })
      }
      if (callback !== history) checkLogs(callback, this.#at.logs)
    }
  }

  /** Does what lies between a turn and the next, and gives that; null at the end of training. */
  #proceed(turn: Exclude<Turn, 'onTestBegin'>): Turn | null {
    const { model, trainer, settings, signal, validation } = this.#run
    const at = this.#at
    switch (turn) {
      case 'onEpochBegin':
      case 'onBatchEnd':
        if (at.batch < this.#steps) {
          signal?.throwIfAborted()
          this.#drawOrder()
          return 'onBatchBegin'
        }
        this.#checkWeights()
        if (validation) return 'onTestBegin'
        at.logs = trainer.objective.report({})
        return 'onEpochEnd'
      case 'onBatchBegin':
        this.#step()
        return 'onBatchEnd'
      case 'onTestEnd': {
        const validated = Object.entries(at.logs).map(([name, value]) => [validationName(name), value])
        at.logs = { ...trainer.objective.report({}), ...Object.fromEntries(validated) }
        return 'onEpochEnd'
      }
      case 'onEpochEnd':
        if (at.epoch + 1 >= settings.epochs || model.stopTraining) return null
        at.epoch++
        at.batch = 0
        at.logs = {}
        this.#batch.order = null
        trainer.objective.reset()
        return 'onEpochBegin'
    }
  }

  /** Draws the epoch's order of rows, where it has none yet. */
  #drawOrder(): void {
    const { trainer, data, settings } = this.#run
    const { shuffle, seed } = settings
    // The steps at the epoch's beginning name it.
    if (shuffle)
      this.#batch.order ??= permutation(data.x.count, random(seed, 'shuffle', trainer.steps - this.#at.batch))
  }

  #step(): void {
    const { trainer, data, settings } = this.#run
    const { batchSize, seed } = settings
    const { count } = data.x
    const batch = this.#batch
    batch.from = this.#at.batch * batchSize
    batch.rows = Math.min(batchSize, count - batch.from)
    if (!trainer.step(data, batch, seed)) {
      throw trainer.diagnose(data, batch, this.#at.epoch + 1, this.#at.batch + 1)
    }
    this.#at.batch++
    trainer.objective.report(this.#at.logs)
  }

  /** An update can overflow though its loss was finite. Looked for once an epoch, since it takes as long as a small step. */
  #checkWeights(): void {
    const ruined = this.#run.trainer.diagnoseWeights(this.#at.epoch + 1, this.#steps)
    if (ruined) throw ruined
  }

  async #validate(): Promise<Turn> {
    const { validation, settings, signal } = this.#run
    const { batchSize } = settings
    const { evaluator, data } = validation!
    const { count } = data.x
    evaluator.objective.reset()
    for (let from = 0; from < count; from += batchSize) {
      signal?.throwIfAborted()
      evaluator.add(data, from, Math.min(batchSize, count - from))
      if (this.#breather.isDue) await this.#breather.breathe()
    }
    this.#at.logs = evaluator.objective.report({})
    return 'onTestEnd'
  }
}

/** For what follows from an error, which says more than one about the consequences. */
async function quietly(act: () => void | Promise<void>): Promise<void> {
  try {
    await act()
  } catch {}
}
