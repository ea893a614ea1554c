import { expect, test } from 'vitest'
import { engineFlags } from '../../src/node/engine-flags.ts'

test.each([
  ['11.3.244.8-node.38', 'x64', ['relaxedSimd']],
  ['11.4.1', 'x64', []],
  ['12.4.254.21-node.57', 'x64', []],
  ['13.6.233.17-node.53', 'x64', ['earlyOptimizer', 'revectorizer']],
  ['14.6.202.34-node.34', 'x64', ['earlyOptimizer', 'revectorizer']],
  ['14.6.202.34-node.34', 'arm64', ['earlyOptimizer']],
])('V8 %s on %s has %j', (v8, arch, expected) => {
  expect(Object.keys(engineFlags(v8, arch)).sort()).toEqual(expected)
})

test('flags are set and taken back by their names', () => {
  const set: string[] = []
  const old = engineFlags('11.3', 'x64', flag => set.push(flag))
  old.relaxedSimd?.(true)
  old.relaxedSimd?.(false)
  const today = engineFlags('13.6', 'x64', flag => set.push(flag))
  today.revectorizer?.(true)
  today.revectorizer?.(false)
  today.earlyOptimizer?.(true)
  today.earlyOptimizer?.(false)
  expect(set).toEqual([
    '--experimental-wasm-relaxed-simd',
    '--no-experimental-wasm-relaxed-simd',
    '--experimental-wasm-revectorize',
    '--no-experimental-wasm-revectorize',
    '--wasm-sync-tier-up',
    '--wasm-tiering-budget=1',
    '--no-wasm-sync-tier-up',
    '--wasm-tiering-budget=13000000',
  ])
})
