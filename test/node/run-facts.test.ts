import { readFileSync } from 'node:fs'
import { backend, formatBackend } from 'convnet-ts'
import { expect, test } from 'vitest'
import { runFacts } from '../../src/node/run-facts.ts'

test('runFacts tells versions, kernels, machine and the time', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const facts = runFacts()
  expect(facts).toMatchObject({ 'convnet-ts': version, Kernels: formatBackend(backend.info) })
  expect(facts.Engine).toBe(`Node ${process.versions.node}, V8 ${/^\d+\.\d+/.exec(process.versions.v8)?.[0]}`)
  expect(facts.Machine).toMatch(/^\S.*, \d+ cores?, \d+\.\d GB$/)
  expect(facts.System).toContain(process.arch)
  const [, day, minute] = /^(\S+) (\S+) UTC$/.exec(facts.Date)!
  expect(Math.abs(Date.now() - Date.parse(`${day}T${minute}Z`))).toBeLessThan(130_000)
})
