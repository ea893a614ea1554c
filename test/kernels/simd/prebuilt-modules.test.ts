import { expect, test } from 'vitest'
import type { Target } from '../../../src/kernels/simd/numerics.ts'
import { addModules, moduleFor } from '../../../src/kernels/simd/prebuilt-modules.ts'

const target: Target = { numerics: 'strict', tile: { rows: 4, columns: 8 }, relaxedSimd: false }

test('moduleFor finds the bytes of the target that was added, and refuses others', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
  addModules({ 'strict 4×8': Buffer.from(bytes).toString('base64'), 'strict 4×16': 'AAAA' })
  expect(moduleFor(target)).toEqual(bytes)
  expect(moduleFor({ ...target, tile: { rows: 4, columns: 16 } })).toEqual(new Uint8Array(3))
  expect(() => moduleFor({ ...target, relaxedSimd: true })).toThrow(
    'the package has no module for strict 4×8, relaxed SIMD',
  )
})
