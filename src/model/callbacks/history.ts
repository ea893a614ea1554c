import type { Logs } from '../logs.ts'

/** What `fit` leaves behind: each number of each epoch. */
export class History {
  /** The epochs run, counted from 0. */
  readonly epoch: number[] = []
  /** Each number by name, one entry an epoch: `history.history.valAccuracy[49]`. */
  readonly history: { [name: string]: number[] } = {}
  /** Seconds that each epoch took for training alone. */
  readonly seconds: number[] = []
  /** Seconds that each epoch's validation took. */
  readonly valSeconds: number[] = []

  /** Adds an epoch. */
  add(epoch: number, logs: Logs, seconds: number, valSeconds: number): void {
    this.epoch.push(epoch)
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= []
      this.history[name].push(value)
    }
    this.seconds.push(seconds)
    this.valSeconds.push(valSeconds)
  }
}
