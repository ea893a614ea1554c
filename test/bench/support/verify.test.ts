import { describe, expect, test } from 'vitest'
import { kernelCases } from '../../../bench/support/kernel-cases.ts'
import { draws, verify } from '../../../bench/support/verify.ts'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'

const cases = kernelCases()
const dense = cases.find(({ kernel }) => kernel === 'dense')!

/** The reference, but for one number of a dense layer's output. */
function wrong(change: (y: number) => number) {
  const kernels = { ...referenceFloat32 }
  kernels.dense = (g, rows, x, w, b, y) => {
    referenceFloat32.dense(g, rows, x, w, b, y)
    y[7] = change(y[7])
  }
  return kernels
}

/** The next float32. */
function next(y: number): number {
  const bits = new Int32Array(Float32Array.of(y).buffer)
  bits[0]++
  return new Float32Array(bits.buffer)[0]
}

test('there is a case for each kernel of a training step, and three for each deeper shape', () => {
  const kernels = new Set(cases.filter(({ isDeep }) => !isDeep).map(({ kernel }) => kernel))
  expect([...kernels]).toEqual([
    'dense',
    'dense dW',
    'dense dX',
    'conv, relu, pool',
    'conv, relu, pool dW',
    'conv, relu, pool, dropout',
    'adam',
    'dropout',
  ])
  expect(cases.filter(({ isDeep }) => isDeep)).toHaveLength(24)
  expect(cases.at(-1)).toMatchObject({ kernel: 'conv dX', shape: '64×13×13×192→384 3×3', rows: 64 })
  expect(cases.find(({ shape }) => shape.includes('/2'))?.shape).toBe('64×15×15×96→160 3×3 /2 same')
})

test("a case's outputs are written by its call", () => {
  for (const of of cases.filter(({ isDeep }) => !isDeep)) {
    const { outputs, call } = of.bind(referenceFloat32, 3, draws(referenceFloat32))
    const before = outputs.map(output => output.slice())
    call()
    for (const [i, output] of outputs.entries()) expect(output, of.kernel).not.toEqual(before[i])
  }
})

describe('verify', () => {
  test.each(['strict', 'fast'] as const)('bears the reference itself, and no wrong number: %s', numerics => {
    verify(dense, referenceFloat32, referenceFloat32, numerics)
    for (const change of [(y: number) => y + 0.5, () => Number.NaN]) {
      expect(() => verify(dense, wrong(change), referenceFloat32, numerics)).toThrow(
        /^dense of 512×5408→32: number 7 of output 0 is .*, expected/,
      )
    }
  })

  test('bears another rounding in fast numerics alone', () => {
    verify(dense, wrong(next), referenceFloat32, 'fast')
    expect(() => verify(dense, wrong(next), referenceFloat32, 'strict')).toThrow(/number 7/)
  })
})
