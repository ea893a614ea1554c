import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { progressReporter } from '../../src/node/progress.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function record(isTTY: boolean, columns: number) {
  const written: string[] = []
  const terminal = { isTTY, columns, write: (text: string) => void written.push(text) }
  return { written, report: progressReporter(terminal) }
}

/** Reports every hundredth of 2 MB, 20 ms apart. */
function run(report: ReturnType<typeof progressReporter>, label = 'train.csv'): void {
  for (let i = 0; i <= 100; i++) {
    report(label, i * 20_000, 2_000_000)
    vi.advanceTimersByTime(20)
  }
}

describe('progressReporter without a terminal', () => {
  test('writes a line at the beginning, at each quarter and at the end', () => {
    const { written, report } = record(false, 80)
    run(report)
    expect(written.join('')).toBe(
      [0, 25, 50, 75, 100].map(percent => `train.csv: ${percent} % of 2.0 MB\n`).join(''),
    )
  })

  test('writes one line for what is done at once, and begins again for other work', () => {
    const { written, report } = record(false, 80)
    report('a', 500, 500)
    report('b', 0, 1500)
    report('b', 1500, 1500)
    report('b', 1500, 1500)
    expect(written.slice(0, 3)).toEqual([
      'a: 100 % of 0.5 kB\n',
      'b: 0 % of 1.5 kB\n',
      'b: 100 % of 1.5 kB\n',
    ])
  })

  test('says when work begins again', () => {
    const { written, report } = record(false, 80)
    report('a', 0, 100)
    report('a', 60, 100)
    report('a', 0, 100)
    expect(written).toEqual(['a: 0 % of 0.1 kB\n', 'a: 60 % of 0.1 kB\n', 'a: 0 % of 0.1 kB\n'])
  })
})

describe('progressReporter on a terminal', () => {
  test('draws a bar over itself and ends its line at the end', () => {
    const { written, report } = record(true, 60)
    report('train.csv', 500_000, 2_000_000)
    report('train.csv', 2_000_000, 2_000_000)
    expect(written).toEqual([
      `${`train.csv ${'━'.repeat(7)}╸${'─'.repeat(22)}  25 % of 2.0 MB`.padEnd(59)}\r`,
      `${`train.csv ${'━'.repeat(30)} 100 % of 2.0 MB`.padEnd(59)}\n`,
    ])
  })

  test('draws no more often than every 50 ms, and the end always', () => {
    const { written, report } = record(true, 60)
    run(report)
    expect(written).toHaveLength(35)
    expect(written.at(-1)).toContain(' 100 %')
  })

  test('is never as wide as the terminal, however narrow', () => {
    for (let columns = 1; columns < 100; columns++) {
      const { written, report } = record(true, columns)
      run(report, 'fashion-mnist_train.csv')
      for (const text of written) expect(text.length - 1, text).toBe(columns - 1)
    }
    const { written, report } = record(false, 20)
    run(report, 'fashion-mnist_train.csv')
    for (const text of written) expect(text.trimEnd().length).toBeLessThanOrEqual(20)
  })

  test('leaves what was broken off on its own line', () => {
    const { written, report } = record(true, 60)
    report('a', 10, 100)
    report('b', 10, 100)
    expect(written[0]).toMatch(/^a .*\r$/)
    expect(written[1]).toBe('\n')
    expect(written[2]).toMatch(/^b .*\r$/)
  })
})
