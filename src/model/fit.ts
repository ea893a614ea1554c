import { permutation, random } from '../tensor/random.ts'
import { Breather } from './breather.ts'
import type { Callback } from './callbacks/callback.ts'
import { checkLogs } from './callbacks/check-logs.ts'
import { History } from './callbacks/history.ts'
import { fitDifferences } from './differences.ts'
import { type FitRun, paramsOf, settingsOf } from './fit-run.ts'
import { validationName } from './logs.ts'
import { matchCallbacks } from './match-callbacks.ts'
import type { Batch } from './trainer.ts'
import type { FitSettings, FitState, Turn } from './training-state.ts'
import { type Position, tell } from './turns.ts'

/**
 * Trains turn by turn: a turn is a function that callbacks are called with, and between two of them lies a step, a
 * validation, or nothing. So what is known at a turn is all that there is to know, and training can be resumed from any of
 * them. Whenever the event loop turns, the weights are whole: those after some step.
 */
export class Fit {
  readonly #run: FitRun
  readonly #history = new History()
  readonly #callbacks: readonly Callback[]
  /** Steps an epoch. */
  readonly #steps: number
  readonly #settings: FitSettings
  readonly #breather = new Breather()
  readonly #batch: Batch = { order: null, from: 0, rows: 0 }
  readonly #at: Position = { epoch: -1, batch: 0, turn: 'onEpochEnd', told: 0, logs: {} }
  /** A state that is not to change any more, or not yet. */
  #held: FitState | null = null

  constructor(run: FitRun) {
    this.#run = run
    this.#settings = settingsOf(run)
    this.#callbacks = [...run.callbacks, this.#history]
    this.#steps = Math.ceil(run.data.x.count / run.batchSize)
    this.#at.told = this.#callbacks.length
  }

  /** What keeps it from going on from where another `fit` stood. */
  differences(state: FitState | null): string[] {
    if (!state) return ['no fit had begun: setTrainingState takes such a state, and fit begins by itself']
    return fitDifferences(state, this.#settings, this.#callbacks)
  }

  /** Has training go on from where another `fit` stood; the model has the weights and the optimiser of then. */
  resumeFrom(state: FitState | null): void {
    this.#held = state
  }

  /** Where it stands. */
  get state(): FitState {
    if (this.#held) return this.#held
    const { model, trainer } = this.#run
    const { epoch, batch, turn, told, logs } = this.#at
    return {
      settings: this.#settings,
      epoch,
      batch,
      turn,
      told,
      sums: trainer.objective.sums,
      logs: turn === 'onTestEnd' || turn === 'onEpochEnd' ? { ...logs } : {},
      stopTraining: model.stopTraining,
      callbacks: this.#callbacks.map(callback => ({
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
    const { model } = this.#run
    const params = paramsOf(this.#run, this.#held)
    /** Callbacks that were told of the beginning and not yet of the end. */
    const open: Callback[] = []
    try {
      // Checks and the plan may have taken as long as a step.
      await this.#breather.breathe()
      for (const callback of this.#callbacks) {
        open.push(callback)
        await callback.onTrainBegin?.(params, model)
      }
      this.#resume()
      await this.#goOn()
      this.#hold()
      for (const callback of this.#callbacks) {
        await callback.onTrainEnd?.(this.#at.logs, model)
        open.shift()
      }
      return this.#history
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
    const resumed = this.#held
    if (!resumed) return
    const { model, trainer, batchSize, data } = this.#run
    const { epoch, batch, turn, told, sums, logs, stopTraining, callbacks } = resumed
    trainer.objective.restore(sums, Math.min(batch * batchSize, data.x.count))
    const places = matchCallbacks(callbacks, this.#callbacks)
    for (const [i, place] of places.entries()) {
      if (callbacks[i].state !== null) this.#callbacks[place].setState!(callbacks[i].state)
    }
    Object.assign(this.#at, {
      epoch,
      batch,
      turn,
      told: places.slice(told).find(place => place >= 0) ?? this.#callbacks.length,
      logs: turn === 'onBatchEnd' ? trainer.objective.report({}) : { ...logs },
    })
    if (turn === 'onBatchBegin') this.#drawOrder()
    model.stopTraining = stopTraining
    this.#held = null
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
    while (this.#at.told < this.#callbacks.length) {
      const callback = this.#callbacks[this.#at.told++]
      // Most callbacks have nothing to do at most turns.
      if (!callback[this.#at.turn]) continue
      const busy = tell(callback, this.#at, this.#run.model)
      if (busy) {
        return Promise.resolve(busy).then(() => {
          checkLogs(callback, this.#at.logs)
          return this.#tell()
        })
      }
      if (callback !== this.#history) checkLogs(callback, this.#at.logs)
    }
  }

  /** Does what lies between a turn and the next, and gives that; null at the end of training. */
  #proceed(turn: Exclude<Turn, 'onTestBegin'>): Turn | null {
    const { model, trainer, epochs, signal, validation } = this.#run
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
        if (at.epoch + 1 >= epochs || model.stopTraining) return null
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
    const { trainer, data, shuffle, seed } = this.#run
    // The steps at the epoch's beginning name it.
    if (shuffle)
      this.#batch.order ??= permutation(data.x.count, random(seed, 'shuffle', trainer.steps - this.#at.batch))
  }

  #step(): void {
    const { trainer, data, batchSize, seed } = this.#run
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
    const { validation, batchSize, signal } = this.#run
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
