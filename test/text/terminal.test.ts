import { afterEach, expect, test, vi } from 'vitest'
import { setTerminal, terminal } from '../../src/text/terminal.ts'

const before = terminal()
afterEach(() => setTerminal(before))

test('without a terminal, text goes to the console as lines', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  terminal().write('one line\n')
  expect(log).toHaveBeenCalledWith('one line')
  log.mockRestore()
  expect(terminal().isTTY).toBe(false)
})

test('what is chosen is used from then on', () => {
  const chosen = { isTTY: true, columns: 100, write: () => {} }
  setTerminal(chosen)
  expect(terminal()).toBe(chosen)
})
