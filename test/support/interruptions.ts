import type { Callback, Plain, Sequential, TrainingState } from 'convnet-ts'

/** The functions that callbacks are told of an epoch by. */
export const turns = [
  'onEpochBegin',
  'onBatchBegin',
  'onBatchEnd',
  'onTestBegin',
  'onTestEnd',
  'onEpochEnd',
] as const

/** Writes down all that it is told, and goes on where it stood. */
export class Diary implements Callback {
  readonly type = 'Diary'
  entries: string[] = []

  constructor() {
    for (const turn of turns) {
      const write = (...told: readonly unknown[]) => {
        this.entries.push(JSON.stringify([turn, ...told.slice(0, -1)]))
      }
      Object.assign(this, { [turn]: write })
    }
  }

  onTrainBegin(): void {
    this.entries = []
  }

  getState(): Plain {
    return [...this.entries]
  }

  setState(entries: Plain): void {
    this.entries = [...(entries as string[])]
  }
}

/** Has training fail at the n-th turn that it is told of, from 1, and keeps what can be gone on from there. */
export class Interruption implements Callback {
  readonly type = 'Interruption'
  state: TrainingState | null = null

  constructor(n: number) {
    let told = 0
    for (const turn of turns) {
      const count = (...given: readonly unknown[]) => {
        if (++told < n) return
        this.state = (given.at(-1) as Sequential).getTrainingState()
        throw new Error('interrupted')
      }
      Object.assign(this, { [turn]: count })
    }
  }
}
