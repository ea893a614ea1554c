import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ProgressBar } from '../../../src/model/callbacks/progress-bar.ts'
import type { Logs } from '../../../src/model/logs.ts'
import { setTerminal, terminal } from '../../../src/text/terminal.ts'
import { recorder, screen } from '../../support/terminals.ts'

const before = terminal()
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  // No process begins to train in its first milliseconds.
  vi.advanceTimersByTime(1000)
})
afterEach(() => {
  setTerminal(before)
  vi.useRealTimers()
})

interface Epoch {
  readonly steps: number
  readonly stepMs: number
  /** The running means, of which those of the validation are known at the end only. */
  readonly logs: Logs
  readonly final?: Logs
}

/** Trains one epoch of two; `seen` is called after each step. */
function train({ steps, stepMs, logs, final = logs }: Epoch, verbose: 1 | 2 = 1, seen = () => {}): void {
  const progressBar = new ProgressBar({ verbose })
  progressBar.onTrainBegin({ epochs: 2, steps, rows: 8 * steps, batchSize: 8, names: Object.keys(final) })
  progressBar.onEpochBegin(0)
  for (let step = 0; step < steps; step++) {
    vi.advanceTimersByTime(stepMs)
    progressBar.onBatchEnd(step, logs)
    seen()
  }
  progressBar.onEpochEnd(0, final)
}

const epoch: Epoch = {
  steps: 10,
  stepMs: 100,
  logs: { loss: 0.90684, accuracy: 0.6673 },
  final: { loss: 0.9, accuracy: 0.67, valLoss: 0.5, valAccuracy: 0.81 },
}

describe('on a terminal', () => {
  test('a bar grows, and ends with the numbers of the validation', () => {
    const output = screen({ columns: 120 })
    setTerminal(output)
    const seen: string[] = []
    train(epoch, 1, () => seen.push(output.lines().at(-1)!))
    expect(seen[0]).toBe(' 1/10 ━━────────────────── 1s left 100ms/step - loss: 0.9068 - accuracy: 0.6673')
    expect(seen[4]).toBe(' 5/10 ━━━━━━━━━━────────── 1s left 100ms/step - loss: 0.9068 - accuracy: 0.6673')
    expect(seen).toHaveLength(10)
    expect(output.lines()).toEqual([
      'Epoch 1/2',
      '10/10 ━━━━━━━━━━━━━━━━━━━━ 1.0s 100ms/step - loss: 0.9000 - accuracy: 0.6700 - val_loss: 0.5000 - val_accuracy: 0.8100',
      '',
    ])
  })

  test('numbers that have no room wait for the end', () => {
    const output = screen({ columns: 63 })
    setTerminal(output)
    train(epoch, 1, () => expect(output.lines().at(-1)).toMatch(/[━─] \ds left 100ms\/step - loss: 0.9068$/))
    expect(output.lines()).toEqual([
      'Epoch 1/2',
      '10/10 ━━━━━━━━━━━━━━━━━━━━ 1.0s 100ms/step - loss: 0.9000',
      '  - accuracy: 0.6700 - val_loss: 0.5000 - val_accuracy: 0.8100',
      '',
    ])
  })

  test('it is green where there are colours, and only there', () => {
    for (const [colors, green] of [
      [1, 0],
      [4, 11],
      [24, 11],
    ] as const) {
      const output = screen({ colors })
      setTerminal(output)
      train(epoch)
      expect(output.written.filter(text => text.includes('\x1b[32m━'))).toHaveLength(green)
    }
  })

  test('small numbers, as learning rates are, keep their digits', () => {
    const output = screen({ columns: 120 })
    setTerminal(output)
    train({ ...epoch, final: { learningRate: 2e-5, accuracy: 0, loss: 12_345.6 } })
    expect(output.lines()[1]).toMatch(/ - learning_rate: 2\.0000e-5 - accuracy: 0\.0000 - loss: 12345\.6000$/)
  })

  test('at any width, with any numbers, nothing overflows and nothing of an earlier line stays', () => {
    const number = fc.oneof(
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    const logs = fc.dictionary(fc.constantFrom('loss', 'accuracy', 'precisionAt5', '精度'), number)
    const epochs = fc.record({
      steps: fc.integer({ min: 1, max: 30 }),
      stepMs: fc.nat(4000),
      logs,
      final: logs,
    })
    const colors = fc.constantFrom(1 as const, 24 as const)
    fc.assert(
      fc.property(epochs, fc.integer({ min: 10, max: 200 }), colors, (epoch, columns, colors) => {
        const output = screen({ columns, colors })
        setTerminal(output)
        train(epoch, 1, () => {
          const [title, line = '', ...others] = output.lines()
          expect([title, others]).toEqual(['Epoch 1/2', []])
          expect(line).toBe(lastDrawn(output.written))
          expect(line).toMatch(/^ *\d+\/\d+/)
        })
        expect(output.overflows()).toBe(0)
        expect(output.lines().slice(1, -1).join('\n')).toBe(lastDrawn(output.written))
      }),
    )
  })
})

/** What the last text draws on an empty line. */
function lastDrawn(written: readonly string[]): string {
  const empty = screen({ columns: 1000 })
  empty.write(written.at(-1)!)
  return empty.lines().join('\n').trimEnd()
}

test('without a bar an epoch is one line, with all its numbers', () => {
  const line =
    'Epoch 1/2 - 10/10 1.0s 100ms/step - loss: 0.9000 - accuracy: 0.6700 - val_loss: 0.5000 - val_accuracy: 0.8100\n'
  for (const [features, verbose] of [
    [{ isTTY: false, columns: 40 }, 1],
    [{ isTTY: true, columns: 200 }, 2],
  ] as const) {
    const output = recorder({ ...features, colors: 8 })
    setTerminal(output)
    train(epoch, verbose)
    expect(output.written).toEqual([line])
  }
})

describe('resumed', () => {
  const params = { epochs: 2, steps: 10, rows: 80, batchSize: 8, names: ['loss'] }

  test('in the middle of an epoch, the bar goes on at its place, with the time of what is left', () => {
    const output = screen({ columns: 120 })
    setTerminal(output)
    const progressBar = new ProgressBar()
    progressBar.onTrainBegin({ ...params, resumedAt: { epoch: 1, batch: 6 } })
    vi.advanceTimersByTime(5000)
    progressBar.onBatchEnd(5, { loss: 1 }) // It had not been told of the last step.
    expect(output.lines()).toEqual([''])
    for (const batch of [6, 7]) {
      progressBar.onBatchBegin(batch)
      vi.advanceTimersByTime(1000)
      progressBar.onBatchEnd(batch, { loss: 1 })
    }
    expect(output.lines()).toEqual([
      'Epoch 2/2',
      ' 8/10 ━━━━━━━━━━━━━━━━──── 2s left 1000ms/step - loss: 1.0000',
    ])
    vi.advanceTimersByTime(2000)
    progressBar.onEpochEnd(1, { loss: 0.5 })
    expect(output.lines().at(-2)).toBe('10/10 ━━━━━━━━━━━━━━━━━━━━ 4.0s 1000ms/step - loss: 0.5000')
  })

  test('behind the last step, the epoch ends as others do', () => {
    const output = recorder({ isTTY: false })
    setTerminal(output)
    const progressBar = new ProgressBar()
    progressBar.onTrainBegin({ ...params, resumedAt: { epoch: 0, batch: 10 } })
    progressBar.onEpochEnd(0, { loss: 0.5 })
    expect(output.written).toEqual(['Epoch 1/2 - 10/10 0.0s 0.0ms/step - loss: 0.5000\n'])
  })
})

test.each([1, 2, 5, 8, 9, 10])(
  'on a terminal of %d columns, an epoch is announced as far as it fits',
  columns => {
    const output = screen({ columns })
    setTerminal(output)
    train(epoch)
    expect(output.written[0]).toBe(
      `${columns > 9 ? 'Epoch 1/2' : columns < 2 ? '' : `${'Epoch 1/2'.slice(0, columns - 2)}…`}\n`,
    )
  },
)
