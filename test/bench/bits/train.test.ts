import { expect, test } from 'vitest'
import { trainedBits } from '../../../bench/bits/train.ts'

const turbo = false

test('hashes tell SIMD kernels from other weights, and not from the reference', async () => {
  const reference = await trainedBits({ kernels: 'reference', threads: 1, turbo }, 1)
  const simd = await trainedBits({ kernels: 'simd', threads: 1, turbo }, 1)
  expect(reference.info.kernels).toBe('reference')
  expect(simd.info).toMatchObject({ kernels: 'simd', threads: 1, numerics: 'strict' })
  expect(simd.said).toBe('')
  expect(simd.all).toMatch(/^[0-9a-f]{64}$/)
  expect(new Set([...simd.experiments, simd.all]).size).toBe(4)
  expect([simd.experiments, simd.all]).toEqual([reference.experiments, reference.all])

  const longer = await trainedBits({ kernels: 'simd', threads: 2, turbo }, 2)
  expect(longer.info.threads).toBe(2)
  for (const [i, hash] of longer.experiments.entries()) expect(hash).not.toBe(simd.experiments[i])
  expect(longer.all).not.toBe(simd.all)
})
