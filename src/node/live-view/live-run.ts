import type { Callback, FitParams } from '../../model/callbacks/callback.ts'
import type { Logs } from '../../model/logs.ts'
import type { LearningCurvesOptions } from '../../report/learning-curves.ts'

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
  readonly reference: LearningCurvesOptions['reference']
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
  /** Seconds since training began. */
  seconds = 0
  /** The epoch's running means; once it has ended, its numbers. */
  logs: Readonly<Logs> = {}
  #began = 0
  #epochBegan = 0
  readonly #tell: (run: LiveRun, turn: Turn) => void | Promise<void>

  constructor(
    name: string,
    reference: LearningCurvesOptions['reference'],
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
    return (this.seconds * (1 - this.done)) / this.done
  }

  onTrainBegin(params: FitParams): void {
    this.state = 'training'
    this.failure = ''
    this.params = params
    this.epochs = []
    this.epoch = 0
    this.steps = 0
    this.seconds = 0
    this.logs = {}
    this.#began = performance.now()
    this.#tell(this, 'begin')
  }

  onEpochBegin(epoch: number): void {
    this.epoch = epoch
    this.steps = 0
    this.#epochBegan = performance.now()
  }

  onBatchEnd(batch: number, logs: Readonly<Logs>): void {
    const now = performance.now()
    this.steps = batch + 1
    this.perStep = (now - this.#epochBegan) / this.steps
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

  onEpochEnd(_epoch: number, logs: Readonly<Logs>): void {
    const now = performance.now()
    this.seconds = (now - this.#began) / 1000
    this.logs = { ...logs }
    this.epochs.push({ logs: this.logs, seconds: (now - this.#epochBegan) / 1000 })
    this.#tell(this, 'epoch')
  }

  onTrainEnd(): void | Promise<void> {
    this.state = 'ended'
    return this.#tell(this, 'end')
  }

  onTrainFail(error: unknown): void | Promise<void> {
    this.state = 'failed'
    this.failure = String(error)
    return this.#tell(this, 'end')
  }
}
