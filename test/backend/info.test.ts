import { formatBackend } from 'convnet-ts'
import { expect, test } from 'vitest'

const info = {
  kernels: 'simd',
  numerics: 'strict',
  threads: 2,
  relaxedSimd: true,
  revectorized: false,
  fusion: true,
  tile: '4×8',
  engine: 'V8',
} as const

test('says in one line what runs', () => {
  expect(formatBackend(info)).toBe('WebAssembly SIMD, strict, 2 threads, 4×8 tiles')
  expect(formatBackend({ ...info, numerics: 'fast', threads: 1, revectorized: true, fusion: false })).toBe(
    'WebAssembly SIMD, fast, 1 thread, 4×8 tiles, revectorised, no fusion',
  )
  expect(formatBackend({ ...info, kernels: 'reference', threads: 1, tile: null })).toBe(
    'the reference in TypeScript, strict, 1 thread',
  )
})
