import { readFile } from 'node:fs/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { Breather } from '../../../src/model/training/breather.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.resetModules()
})

test('it is due where other work has waited for more than 5 ms, and no sooner', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(100)
  const breather = new Breather()
  for (const [time, isDue] of [
    [100, false],
    [105, false],
    [105.1, true],
    [1000, true],
  ] as const) {
    now.mockReturnValue(time)
    expect(breather.isDue).toBe(isDue)
  }
  await breather.breathe()
  expect(breather.isDue).toBe(false)
  now.mockReturnValue(1005.1)
  expect(breather.isDue).toBe(true)
})

/** Breathes until a timer that is due has run: of microtasks alone, no number lets one. */
async function breathsForTimer(breather: { breathe(): Promise<void> }): Promise<number> {
  let hasRun = false
  setTimeout(() => {
    hasRun = true
  }, 1)
  const due = performance.now() + 3
  while (performance.now() < due);
  let breaths = 0
  for (; !hasRun && breaths < 1000; breaths++) await breather.breathe()
  return breaths
}

test.each([
  ['where immediates run', () => new Promise(resolve => setImmediate(resolve))],
  ['after a file was read', () => readFile(new URL(import.meta.url))],
  ['after a timer', () => new Promise(resolve => setTimeout(resolve, 1))],
])('one breath lets timers go that are due: %s', async (_where, begin) => {
  await begin()
  expect(await breathsForTimer(new Breather())).toBe(1)
})

test('browsers, which have no setImmediate, let go as well', async () => {
  vi.stubGlobal('setImmediate', undefined)
  vi.resetModules()
  const browser = await import('../../../src/model/training/breather.ts')
  const breather = new browser.Breather()
  expect(await breathsForTimer(breather)).toBeLessThan(1000)
})
