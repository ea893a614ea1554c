import { WriteStream } from 'node:tty'
import { describe, expect, test } from 'vitest'
import { standardOutput } from '../../src/node/standard-output.ts'

type Output = Parameters<typeof standardOutput>[0]

/** Standard output as a program finds it that was started with this environment. */
function started(
  env: Output['env'],
  { isTTY = true, platform = 'linux' as Output['platform'], columns = 90 } = {},
) {
  const written: string[] = []
  const stdout = {
    isTTY: isTTY || undefined,
    columns: isTTY ? columns : undefined,
    getColorDepth: WriteStream.prototype.getColorDepth,
    write: (text: string) => written.push(text),
  }
  const output = standardOutput({ stdout: stdout as unknown as Output['stdout'], env, platform })
  return { output, written }
}

const xterm = { TERM: 'xterm-256color', LANG: 'en_GB.UTF-8' }

test('on a terminal: its width, and lines that can be drawn again', () => {
  expect(started(xterm).output).toMatchObject({ isTTY: true, columns: 90, isUnicode: true })
  expect(started({ ...xterm, TERM: 'dumb' }).output).toMatchObject({ isTTY: false, columns: 90, colors: 1 })
  expect(started(xterm, { columns: 0 }).output.columns).toBe(80)
})

test('in a file or a pipe: UTF-8, no colours, whatever the environment', () => {
  const env = { TERM: 'xterm-256color', LANG: 'C', COLORTERM: 'truecolor', FORCE_COLOR: '3' }
  const { output, written } = started(env, { isTTY: false })
  expect(output).toMatchObject({ isTTY: false, columns: 80, isUnicode: true, colors: 1 })
  output.write('28×28 …\n')
  expect(written).toEqual(['28×28 …\n'])
})

// Node finds fewer colours on Windows without looking at TERM.
describe.skipIf(process.platform === 'win32')('colours', () => {
  test.each([
    [{}, 8],
    [{ COLORTERM: 'truecolor' }, 24],
    [{ TERM: 'xterm' }, 4],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 1],
    [{ NO_COLOR: '1' }, 1],
    [{ NO_COLOR: '0' }, 1],
    [{ NO_COLOR: '' }, 8],
    [{ FORCE_COLOR: '0' }, 1],
    [{ FORCE_COLOR: '1' }, 4],
    [{ FORCE_COLOR: '3' }, 24],
  ])('with %j: %i bits', (env, bits) => {
    expect(started({ ...xterm, ...env }).output.colors).toBe(bits)
  })
})

describe('Unicode', () => {
  test.each([
    [{ LANG: 'en_GB.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{}, false],
    [{ LANG: 'de_DE.ISO-8859-1' }, false],
    [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, true],
    [{ LANG: 'C.UTF-8', LC_CTYPE: 'C.UTF-8', LC_ALL: 'POSIX' }, false],
    [{ LANG: 'C.UTF-8', LC_CTYPE: '', LC_ALL: '' }, true],
  ])('with %j: %s', (env, expected) => {
    expect(started({ TERM: 'xterm', ...env }).output.isUnicode).toBe(expected)
  })

  test('on Windows everywhere but on its old console', () => {
    const windows = { platform: 'win32' as const }
    expect(started({ WT_SESSION: 'a' }, windows).output.isUnicode).toBe(true)
    expect(started({ TERM_PROGRAM: 'vscode' }, windows).output.isUnicode).toBe(true)
    expect(started({ LANG: 'C.UTF-8' }, windows).output.isUnicode).toBe(false)
  })

  test('is replaced by ASCII where there is none', () => {
    const { output, written } = started({ TERM: 'xterm', LANG: 'C' })
    output.write('12/94 ━━╸── 28×28 …\n')
    expect(written).toEqual(['12/94 ==>-- 28x28 ~\n'])
  })
})
