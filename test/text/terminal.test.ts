import { afterEach, expect, test, vi } from 'vitest'
import { recorder } from '../support/terminals.ts'

afterEach(() => vi.resetModules())

test('until one is chosen, text goes to the console as lines', async () => {
  const { terminal } = await import('../../src/text/terminal.ts')
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  terminal().write('one line\n')
  expect(log.mock.calls).toEqual([['one line']])
  log.mockRestore()
  expect(terminal()).toMatchObject({ isTTY: false, columns: 80, isUnicode: true, colors: 1 })
})

test('what is chosen is used from then on', async () => {
  const { setTerminal, terminal } = await import('../../src/text/terminal.ts')
  const chosen = recorder()
  setTerminal(chosen)
  expect(terminal()).toBe(chosen)
})
