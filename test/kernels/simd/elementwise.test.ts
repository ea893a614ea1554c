import { describe, expect, test } from 'vitest'
import type { Kernels, MaskKey } from '../../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'
import { writeModule } from '../../../src/kernels/simd/assembly/write-module.ts'
import { elementwiseKernels, elementwiseTasks } from '../../../src/kernels/simd/elementwise.ts'
import { alone } from '../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../src/kernels/simd/runtime/machine.ts'
import { random } from '../../../src/tensor/random.ts'
import { expectSameBits } from '../../support/compare.ts'
import { lengths, mixed, twins } from '../../support/twins.ts'

const machine = new Machine(writeModule(elementwiseTasks), alone)
const simd = elementwiseKernels(machine)

type Elementwise = Pick<Kernels, keyof typeof simd>

const dropout =
  (rate: number, key: MaskKey) => (k: Elementwise, n: number, x: Float32Array, y: Float32Array) =>
    k.dropout(n, rate, key, x, y)

const JUST_BELOW_ONE = 1 - 2 ** -53

const unary: [string, (kernels: Elementwise, n: number, x: Float32Array, y: Float32Array) => void][] = [
  ['relu', (k, n, x, y) => k.relu(n, x, y)],
  ['sigmoid', (k, n, x, y) => k.sigmoid(n, x, y)],
  ['rescale', (k, n, x, y) => k.rescale(n, 1 / 255, -0.3, x, y)],
  ['rescale by numbers that are no float32', (k, n, x, y) => k.rescale(n, 1e-46, 1e39, x, y)],
  ['dropout', dropout(0.17, { layer: 3, step: 4700 })],
  ['dropout of another layer', dropout(0.5, { layer: -1640531535, step: 0 })],
  ['dropout at rate 0', dropout(0, { layer: 1, step: 1 })],
  ['dropout at a rate that drops no word', dropout(2 ** -40, { layer: 1, step: 1 })],
  ['dropout at a rate that drops one word', dropout(2 ** -32, { layer: 1, step: 1 })],
  ['dropout at a rate that drops all words but one', dropout(1 - 2 ** -32, { layer: 1, step: 1 })],
  ['dropout at a rate that drops every word', dropout(JUST_BELOW_ONE, { layer: 1, step: 1 })],
]

describe.each(unary)('%s', (_, run) => {
  test('equals the reference bit for bit, at any length, in place or not', () => {
    for (const n of lengths) {
      const draw = mixed(random(n))
      const [x, y] = twins(machine, n, [draw, draw])
      run(referenceFloat32, n, x.reference, y.reference)
      run(simd, n, x.simd, y.simd)
      expectSameBits(y.simd, y.reference, `y of ${n}`)
      expectSameBits(x.simd, x.reference, `x of ${n}`)

      run(referenceFloat32, n, x.reference, x.reference)
      run(simd, n, x.simd, x.simd)
      expectSameBits(x.simd, x.reference, `y of ${n} in place`)
    }
  })
})

const binary: [
  string,
  (kernels: Elementwise, n: number, y: Float32Array, dy: Float32Array, dx: Float32Array) => void,
][] = [
  ['reluBackward', (k, n, y, dy, dx) => k.reluBackward(n, y, dy, dx)],
  ['sigmoidBackward', (k, n, y, dy, dx) => k.sigmoidBackward(n, y, dy, dx)],
]

describe.each(binary)('%s', (_, run) => {
  test('equals the reference bit for bit, at any length, in place or not', () => {
    for (const n of lengths) {
      const draw = mixed(random(n))
      for (const place of [0, 1, 2]) {
        const arrays = twins(machine, n, [draw, draw, draw])
        const [y, dy] = arrays
        const dx = arrays[place]
        run(referenceFloat32, n, y.reference, dy.reference, dx.reference)
        run(simd, n, y.simd, dy.simd, dx.simd)
        for (const { simd, reference } of arrays) expectSameBits(simd, reference, `${n} elements`)
      }
    }
  })
})

test('rescale converts bytes exactly', () => {
  for (const n of [...lengths, 256]) {
    const [y] = twins(machine, n, [random(n)])
    for (const start of [0, 1, 2, 3]) {
      const floats = machine.allocate(n)
      const bytes = new Uint8Array(floats.buffer, floats.byteOffset + start, n)
      for (let i = 0; i < n; i++) bytes[i] = 255 - i
      const values = Float32Array.from(bytes)
      referenceFloat32.rescale(n, 1 / 255, 0.1, values, y.reference)
      simd.rescale(n, 1 / 255, 0.1, bytes, y.simd)
      expectSameBits(y.simd, y.reference, `${n} bytes`)
    }
  }
})

test('sigmoid equals the reference for float32 of all magnitudes', () => {
  const bits = machine.allocate(4096)
  const patterns = new Uint32Array(bits.buffer, bits.byteOffset, bits.length)
  const expected = new Float32Array(bits.length)
  let pattern = 0
  for (let block = 0; block < 130; block++) {
    for (let i = 0; i < patterns.length; i++, pattern += 7919) patterns[i] = pattern
    referenceFloat32.sigmoid(bits.length, bits, expected)
    simd.sigmoid(bits.length, bits, bits)
    expectSameBits(bits, expected, 'y')
  }
  // Once through all of them, or nearly.
  expect(pattern).toBeGreaterThan(0.95 * 2 ** 32)
})
