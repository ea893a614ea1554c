import { setBackend } from 'convnet-ts'
import { expect, test } from 'vitest'
import { checkBackendOptions } from '../../src/backend/options.ts'

test('takes what is listed, and drops what is undefined', () => {
  const all = {
    kernels: 'simd',
    numerics: 'fast',
    threads: 64,
    turbo: true,
    relaxedSimd: false,
    fusion: false,
  } as const
  expect(checkBackendOptions('setBackend', all)).toEqual(all)
  expect(checkBackendOptions('setBackend', { threads: undefined, turbo: false })).toStrictEqual({
    turbo: false,
  })
})

test.each([
  [{ kernels: 'wasm' }, 'kernels is "wasm", expected one of "simd", "reference"'],
  [{ numerics: 'Strict' }, 'numerics is "Strict", expected "strict" (one of "strict", "fast")'],
  [{ threads: 0 }, 'threads is 0, expected a whole number from 1 to 64'],
  [{ threads: 65 }, 'threads is 65, expected a whole number from 1 to 64'],
  [{ turbo: 'on' }, 'turbo is "on", expected true or false'],
  [{ relaxedSimd: 1 }, 'relaxedSimd is 1, expected true or false'],
  [{ fusion: null }, 'fusion is null, expected true or false'],
  [{ relaxed_simd: true }, 'relaxed_simd is true, expected the option relaxedSimd (options: kernels, '],
])('setBackend refuses %j', (options, message) => {
  expect(() => setBackend(options as object)).toThrow(`setBackend: ${message}`)
})
