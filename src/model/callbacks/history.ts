import { ResumeError } from '../../errors.ts'
import { fields, is, listOf, mapOf, number, whole } from '../../schema.ts'
import { isNumericArray } from '../../tensor/tensor.ts'
import type { Logs } from '../logs.ts'
import type { Plain } from '../resuming/training-state.ts'
import type { Callback, FitParams } from './callback.ts'
import { checkParts } from './check-parts.ts'

/**
 * The numbers of each epoch: what `fit` returns. `fit` has one behind all other callbacks, so that it keeps what they add
 * to the logs. Each `fit` starts it afresh.
 *
 * Source: Keras 3, `History`; the seconds are this library's own.
 *
 * @example
 * const history = await model.fit(x, y, { epochs: 5, validationSplit: 0.2 })
 * history.history.valLoss // five numbers
 */
export class History implements Callback {
  readonly type = 'History'
  /** The epochs run, counted from 0. */
  epoch: number[] = []
  /** Each number by name, one entry an epoch: `history.history.valAccuracy[49]`. */
  history: { [name: string]: number[] } = {}
  /** Seconds that each epoch took from its beginning to the end of its last step. */
  seconds: number[] = []
  /** Seconds that each epoch's validation took; 0 without one. */
  valSeconds: number[] = []
  #steps = 0
  #began = 0
  #trained = 0
  #testBegan = 0
  #testSeconds = 0

  onTrainBegin({ steps }: FitParams): void {
    this.#steps = steps
    this.epoch = []
    this.history = {}
    this.seconds = []
    this.valSeconds = []
  }

  onEpochBegin(): void {
    this.#began = performance.now()
    this.#testSeconds = 0
  }

  onBatchEnd(batch: number): void {
    if (batch === this.#steps - 1) this.#trained = performance.now()
  }

  onTestBegin(): void {
    this.#testBegan = performance.now()
  }

  onTestEnd(): void {
    this.#testSeconds = (performance.now() - this.#testBegan) / 1000
  }

  onEpochEnd(epoch: number, logs: Readonly<Logs>): void {
    this.epoch.push(epoch)
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= []
      this.history[name].push(value)
    }
    this.seconds.push((this.#trained - this.#began) / 1000)
    this.valSeconds.push(this.#testSeconds)
  }

  /** Of times, which no two runs have in common, those of the epoch under way are as long as they have been. */
  getState() {
    const { epoch, history, seconds, valSeconds } = this
    const now = performance.now()
    return {
      epoch: [...epoch],
      history: Object.fromEntries(
        Object.entries(history).map(([name, values]) => [name, Float64Array.from(values)]),
      ),
      seconds: Float64Array.from(seconds),
      valSeconds: Float64Array.from(valSeconds),
      passed: [this.#began, this.#trained, this.#testBegan].map(time => now - time),
      testSeconds: this.#testSeconds,
    }
  }

  checkState(state: Plain): void {
    checkParts('History', state, kept)
    const { epoch, seconds, valSeconds } = state as unknown as State
    const lengths = [epoch, seconds, valSeconds].map(({ length }) => length)
    if (new Set(lengths).size === 1) return
    throw new ResumeError('History', [
      `History.epoch, History.seconds and History.valSeconds have lengths ${lengths.join(', ')}, expected the same`,
    ])
  }

  setState(state: State): void {
    this.checkState(state)
    this.epoch = [...state.epoch]
    this.history = Object.fromEntries(
      Object.entries(state.history).map(([name, values]) => [name, [...values]]),
    )
    this.seconds = [...state.seconds]
    this.valSeconds = [...state.valSeconds]
    const now = performance.now()
    ;[this.#began, this.#trained, this.#testBegan] = state.passed.map(time => now - time)
    this.#testSeconds = state.testSeconds
  }
}

type State = ReturnType<History['getState']>

const numbers = is('an array of numbers', isNumericArray)

const kept = fields<State>({
  epoch: listOf(whole),
  history: mapOf(numbers),
  seconds: numbers,
  valSeconds: numbers,
  passed: listOf(number),
  testSeconds: number,
})
