import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { atomic, f32, f32x4, func, Module, memory, v128 } from 'wasmati'
import {
  fusesMultiplyAdd,
  hasRelaxedSimd,
  hasSharedMemory,
  hasSimd,
  probes,
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

test('the probes are what they are said to be', () => {
  const vector = func({ in: [], out: [v128] }, () => v128.const('i32x4', [0, 0, 0, 0]))
  const multiplyAdd = func({ in: [f32, f32, f32], out: [f32] }, ([a, b, c]) => {
    f32x4.relaxed_madd(f32x4.splat(a), f32x4.splat(b), f32x4.splat(c))
    f32x4.extract_lane(0)
  })
  const fence = func({ in: [], out: [] }, () => atomic.fence())
  const shared = memory({ min: 1, max: 1, shared: true })
  const written = {
    vector: Module({ exports: { run: vector } }),
    multiplyAdd: Module({ exports: { run: multiplyAdd } }),
    fence: Module({ exports: { run: fence }, memory: shared }),
  }
  for (const [name, module] of Object.entries(written))
    expect(Buffer.from(module.toBytes()).toString('base64')).toBe(probes[name as keyof typeof probes])
})
