import { setTerminal } from 'convnet-ts'
import { expect, test, vi } from 'vitest'
import { main } from '../../examples/custom-layer.ts'
import { terminal } from '../../src/text/terminal.ts'

test('a layer of one’s own is gradient-checked, summarised and trained like a built-in one', async () => {
  const lines: string[] = []
  const before = terminal()
  const log = vi.spyOn(console, 'log').mockImplementation(line => lines.push(String(line)))
  setTerminal({ ...before, write: text => lines.push(text) })
  try {
    await main()
  } finally {
    setTerminal(before)
    log.mockRestore()
  }
  const text = lines.join('\n')
  expect(text).toMatch(/^gradCheck: 147 gradients agree/)
  expect(text).toContain('│ p_re_lu (PReLU)                 │ (None, 6, 6, 8)        │             8 │')
  expect(Number(/accuracy after 20 epochs: ([\d.]+)/.exec(text)![1])).toBeGreaterThan(0.95)
})
