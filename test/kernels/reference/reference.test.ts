import { expect, test } from 'vitest'
import { referenceFloat32, referenceFloat64 } from '../../../src/kernels/reference/reference.ts'
import { expectSameBits } from '../../support/compare.ts'

test('each set allocates zeros in its own precision', () => {
  expect(referenceFloat32.allocate(3)).toEqual(new Float32Array(3))
  expect(referenceFloat64.allocate(3)).toEqual(new Float64Array(3))
})

test('float32 rounds, and its exp and log give float32', () => {
  const { round, exp, log } = referenceFloat32.arithmetic
  expectSameBits([round(0.1), round(1e39)], [Math.fround(0.1), Number.POSITIVE_INFINITY])
  for (const x of [0.1, 0.7, 1.3, 20].map(Math.fround)) {
    expectSameBits([exp(x), log(x)], [Math.fround(exp(x)), Math.fround(log(x))])
  }
})

test('float64 rounds nothing, and has the exp and log of the engine', () => {
  const { round, exp, log } = referenceFloat64.arithmetic
  expectSameBits([round(0.1), exp(0.1), log(0.1)], [0.1, Math.exp(0.1), Math.log(0.1)])
})

test('the sets name themselves', () => {
  expect([referenceFloat32.name, referenceFloat64.name]).toEqual(['reference float32', 'reference float64'])
})
