import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { progressReporter } from '../../src/node/progress.ts'
import { recorder, screen } from '../support/terminals.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Reports every hundredth of 2 MB, 20 ms apart. */
function run(report: ReturnType<typeof progressReporter>, label = 'train.csv'): void {
  for (let i = 0; i <= 100; i++) {
    report(label, i * 20_000, 2_000_000)
    vi.advanceTimersByTime(20)
  }
}

describe('progressReporter without a terminal', () => {
  test('writes a line at the beginning, at each quarter and at the end', () => {
    const output = recorder()
    run(progressReporter(output))
    expect(output.written.join('')).toBe(
      [0, 25, 50, 75, 100].map(percent => `train.csv: ${percent} % of 2.0 MB\n`).join(''),
    )
  })

  test('writes one line for what is done at once, and begins again for other work', () => {
    const output = recorder()
    const report = progressReporter(output)
    report('a', 500, 500)
    report('b', 0, 1500)
    report('b', 1500, 1500)
    report('b', 1500, 1500)
    expect(output.written.slice(0, 3)).toEqual([
      'a: 100 % of 0.5 kB\n',
      'b: 0 % of 1.5 kB\n',
      'b: 100 % of 1.5 kB\n',
    ])
  })

  test('says when work begins again', () => {
    const output = recorder()
    const report = progressReporter(output)
    report('a', 0, 100)
    report('a', 60, 100)
    report('a', 0, 100)
    expect(output.written).toEqual(['a: 0 % of 0.1 kB\n', 'a: 60 % of 0.1 kB\n', 'a: 0 % of 0.1 kB\n'])
  })
})

describe('progressReporter on a terminal', () => {
  test('draws a bar over itself and ends its line at the end', () => {
    const output = screen({ columns: 60 })
    const report = progressReporter(output)
    report('train.csv', 500_000, 2_000_000)
    expect(output.lines()).toEqual([`train.csv ${'━'.repeat(7)}╸${'─'.repeat(22)}  25 % of 2.0 MB`])
    report('train.csv', 2_000_000, 2_000_000)
    expect(output.lines()).toEqual([`train.csv ${'━'.repeat(30)} 100 % of 2.0 MB`, ''])
  })

  test('is green where there are colours', () => {
    const output = screen({ colors: 8 })
    run(progressReporter(output))
    expect(output.written.at(-1)).toContain(`\x1b[32m${'━'.repeat(30)}\x1b[0m`)
  })

  test('draws no more often than every 50 ms, and the end always', () => {
    const output = screen()
    run(progressReporter(output))
    expect(output.written).toHaveLength(35)
    expect(output.lines().at(-2)).toContain(' 100 %')
  })

  test('never fills the terminal’s width, however narrow, and keeps the share done', () => {
    for (let columns = 1; columns < 100; columns++) {
      const output = screen({ columns })
      const report = progressReporter(output)
      report('fashion-mnist_train.csv', 1_040_000, 2_000_000)
      const [line] = output.lines()
      run(report, 'fashion-mnist_train.csv')
      expect(output.overflows()).toBe(0)
      expect(output.lines()).toHaveLength(2)
      for (const line of output.lines()) expect(line.length).toBeLessThan(columns)
      if (columns > 8) expect(line).toContain(' 52 %')
      if (columns > 45) expect(line).toMatch(/^fashion-mnist_train.csv ━+╸?─+ {2}52 % of 2.0 MB$/)
    }
    const output = recorder({ columns: 20 })
    run(progressReporter(output), 'fashion-mnist_train.csv')
    expect(output.written[0]).toBe('fashion-mnist_train…\n')
  })

  test('a message in between stands in front, and what was broken off keeps its own line', () => {
    const output = screen({ columns: 60 })
    const report = progressReporter(output)
    report('a', 10, 100)
    output.write('no network\n')
    report('b', 10, 100)
    expect(output.lines()[0]).toMatch(/^no network/)
    expect(output.lines().at(-1)).toMatch(/^b .* 10 % of 0.1 kB$/)
  })
})

describe('a label or a number that cannot be shown', () => {
  test.each([false, true])('commands of a terminal are left out of a label, on a TTY: %s', isTTY => {
    const output = recorder({ isTTY })
    run(progressReporter(output), '\x1b[2Jtrain\x1b]0;title\x07.csv')
    const text = output.written.join('')
    expect(text).toContain('train.csv')
    for (const command of ['[2J', 'title', '\x07']) expect(text).not.toContain(command)
  })

  test.each([
    [Number.NaN, 10, 'doneBytes is NaN'],
    [-1, 10, 'doneBytes is -1'],
    [1, Number.NaN, 'totalBytes is NaN'],
    [1, -10, 'totalBytes is -10'],
  ])('%d of %d bytes are refused', (done, total, found) => {
    const output = recorder()
    expect(() => progressReporter(output)('a', done, total)).toThrow(`progressReporter: ${found}`)
    expect(output.written).toEqual([])
  })
})
