import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  fusesMultiplyAdd,
  hasRelaxedSimd,
  hasSharedMemory,
  hasSimd,
} from '../../../../src/kernels/simd/runtime/features.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** What a Node with these flags has: SIMD, relaxed SIMD, shared memory, fused multiply-add. */
function featuresWith(...flags: string[]): boolean[] {
  const program = `import * as f from './src/kernels/simd/runtime/features.ts'
    console.log(JSON.stringify([f.hasSimd(), f.hasRelaxedSimd(), f.hasSharedMemory(), f.fusesMultiplyAdd()]))`
  const args = [...flags, '--import', 'tsx', '--input-type=module', '--eval', program]
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }))
}

test('every Node that is supported has SIMD and shared memory; relaxed SIMD came with 22', () => {
  expect(hasSimd()).toBe(true)
  expect(hasSharedMemory()).toBe(true)
  expect(hasRelaxedSimd()).toBe(Number(process.versions.node.split('.')[0]) >= 22)
})

test('an engine without relaxed SIMD fuses nothing', () => {
  if (!hasRelaxedSimd()) expect(fusesMultiplyAdd()).toBe(false)
})

test.runIf(process.arch === 'x64')('sees what flags take away', () => {
  const relaxed = hasRelaxedSimd() ? [] : ['--experimental-wasm-relaxed-simd']
  expect(featuresWith('--no-enable-fma3', ...relaxed)).toEqual([true, true, true, false])
  // Without SSE4.1 V8 has no SIMD at all.
  expect(featuresWith('--no-enable-sse4-1', ...relaxed)).toEqual([false, false, true, false])
})
