import { StateError } from '../../errors.ts'
import type { Callback, FitParams } from '../../model/callbacks/callback.ts'
import { History } from '../../model/callbacks/history.ts'
import type { Logs } from '../../model/logs.ts'
import type { Sequential } from '../../model/sequential.ts'
import type { ReferenceCurves } from '../../report/curves.ts'

/** An epoch that has ended. */
interface Epoch {
  readonly logs: Readonly<Logs>
  /** With its validation. */
  readonly seconds: number
}

/** What a run tells of: that it has begun, come on a little, ended an epoch, or come to its end. */
export type Turn = 'begin' | 'step' | 'epoch' | 'end'

/** A training as the page shows it: what `fit` has told of it. Another `fit` begins it afresh. */
export class LiveRun implements Callback {
  readonly name: string
  readonly reference: ReferenceCurves | undefined
  state: 'training' | 'validating' | 'ended' | 'failed' = 'training'
  /** What it failed with. */
  failure = ''
  params: FitParams = { epochs: 0, steps: 0, rows: 0, batchSize: 0, names: [] }
  /** Those that have ended. */
  epochs: Epoch[] = []
  /** The epoch under way, or the last one, from 0. */
  epoch = 0
  /** Steps done in it. */
  steps = 0
  /** Milliseconds that each of them took. */
  perStep = 0
  /** Seconds that training has taken. */
  seconds = 0
  /** The epoch's running means; once it has ended, its numbers. */
  logs: Readonly<Logs> = {}
  #model: Sequential | null = null
  #began = 0
  #epochBegan = 0
  /** The step that the epoch begins with in this `fit`. */
  #firstStep = 0
  /** How much was done, and how many seconds it had taken, when this `fit` began. */
  #before = { done: 0, seconds: 0 }
  readonly #tell: (run: LiveRun, turn: Turn) => void | Promise<void>

  constructor(
    name: string,
    reference: ReferenceCurves | undefined,
    tell: (run: LiveRun, turn: Turn) => void | Promise<void>,
  ) {
    this.name = name
    this.reference = reference
    this.#tell = tell
  }

  /** How much of the training is done, 0 … 1. */
  get done(): number {
    const { epochs, steps } = this.params
    return (this.epoch + this.steps / steps) / epochs
  }

  /** Seconds still to go, if it goes on as so far. */
  get secondsLeft(): number {
    const { done, seconds } = this.#before
    return ((this.seconds - seconds) * (1 - this.done)) / (this.done - done)
  }

  onTrainBegin(params: FitParams, model: Sequential): void {
    if (this.#model)
      throw new StateError(`liveView: the run ${this.name} follows another fit; make a run for each`)
    this.#model = model
    const { epoch, batch } = params.resumedAt ?? { epoch: 0, batch: 0 }
    this.state = 'training'
    this.failure = ''
    this.params = params
    this.epochs = params.resumedAt ? epochsBefore(model) : []
    this.epoch = epoch
    this.steps = batch
    this.seconds = this.epochs.reduce((sum, { seconds }) => sum + seconds, 0)
    this.logs = {}
    this.#epochBegan = performance.now()
    this.#began = this.#epochBegan - 1000 * this.seconds
    this.#firstStep = batch
    this.#before = { done: this.done, seconds: this.seconds }
    this.#tell(this, 'begin')
  }

  onEpochBegin(epoch: number): void {
    this.epoch = epoch
    this.steps = 0
    this.#firstStep = 0
    this.#epochBegan = performance.now()
  }

  onBatchEnd(batch: number, logs: Readonly<Logs>): void {
    const now = performance.now()
    this.steps = batch + 1
    this.perStep = (now - this.#epochBegan) / (this.steps - this.#firstStep)
    this.seconds = (now - this.#began) / 1000
    this.logs = { ...logs }
    this.#tell(this, 'step')
  }

  onTestBegin(): void {
    this.state = 'validating'
    this.#tell(this, 'step')
  }

  onTestEnd(): void {
    this.state = 'training'
  }

  onEpochEnd(epoch: number, logs: Readonly<Logs>): void {
    const now = performance.now()
    this.seconds = (now - this.#began) / 1000
    this.logs = { ...logs }
    this.epochs[epoch] = { logs: this.logs, seconds: (now - this.#epochBegan) / 1000 }
    this.#tell(this, 'epoch')
  }

  onTrainEnd(): void | Promise<void> {
    this.#model = null
    this.state = 'ended'
    return this.#tell(this, 'end')
  }

  onTrainFail(error: unknown, model: Sequential): void | Promise<void> {
    // A `fit` that was refused fails as well, and the one that goes on has another model.
    if (model !== this.#model) return
    this.#model = null
    this.state = 'failed'
    this.failure = String(error)
    return this.#tell(this, 'end')
  }
}

/** The epochs that a resumed `fit` has behind it. */
function epochsBefore(model: Sequential): Epoch[] {
  const { callbacks, turn, epoch, logs } = model.getTrainingState().fit!
  const state = callbacks.at(-1)?.state as ReturnType<History['getState']>
  const past = new History()
  past.setState(state)
  const numbers = Object.entries(past.history).filter(([, values]) => values.length === past.epoch.length)
  const epochs = past.epoch.map((_, i) => ({
    logs: Object.fromEntries(numbers.map(([name, values]) => [name, values[i]])),
    seconds: past.seconds[i] + past.valSeconds[i],
  }))
  // The History is told last: a state that a callback before it took has an epoch more.
  const isAhead = turn === 'onEpochEnd' && epochs.length === epoch
  return isAhead ? [...epochs, { logs, seconds: state.passed[0] / 1000 }] : epochs
}
