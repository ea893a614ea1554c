import { expect, test } from 'vitest'
import { exp32 } from '../../../src/kernels/reference/float32-functions.ts'
import { elementwise } from '../../../src/kernels/simd/assembly/fours.ts'
import { writeModule } from '../../../src/kernels/simd/assembly/write-module.ts'
import { exp } from '../../../src/kernels/simd/float32-functions.ts'
import { alone } from '../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../src/kernels/simd/runtime/machine.ts'
import { expectSameBits } from '../../support/compare.ts'

const machine = new Machine(
  writeModule({ exp: elementwise({ x: 'i32' }, {}, ({ x }, { load, store }) => store(x, exp(load(x)))) }),
  alone,
)
const BLOCK = 16_384
const block = machine.allocate(BLOCK)
const patterns = new Uint32Array(block.buffer, block.byteOffset, BLOCK)

/** Compares exp of each `stride`-th float32 from one bit pattern to another. */
function compare(first: number, last: number, stride: number): number {
  let count = 0
  for (let pattern = first; pattern <= last; ) {
    for (let i = 0; i < BLOCK; i++, pattern += stride) patterns[i] = Math.min(pattern, last)
    const expected = block.map(exp32)
    machine.run(machine.number('exp'), 1, BLOCK, block.byteOffset)
    expectSameBits(block, expected, `exp from ${pattern}`)
    count += BLOCK
  }
  return count
}

const patternOf = (x: number) => new Uint32Array(Float32Array.of(x).buffer)[0]

test('exp has the bits of exp32 for float32 of both signs and all magnitudes, NaN among them', () => {
  expect(compare(0, 0xffffffff, 4001)).toBeGreaterThan(1e6)
})

test.each([
  ['overflow', 88.72, 88.73, 1],
  ['underflow', -103.96, -103.98, 1],
  ['subnormal results', -87.3, -104, 7],
  ['the halves that floor decides', 0.34, 0.35, 3],
  ['zero', 0, 1e-40, 1],
  ['negative zero', -0, -1e-40, 1],
])('exp has the bits of exp32 around %s', (_, from, to, stride) => {
  expect(compare(patternOf(from), patternOf(to), stride)).toBeGreaterThanOrEqual(BLOCK)
})

test('exp has its special values', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
  block.set([nan, infinity, -infinity, 0, -0, 1e-45, -1e-45, 1e38, -1e38])
  machine.run(machine.number('exp'), 1, 9, block.byteOffset)
  expectSameBits(block.slice(0, 9), [nan, infinity, 0, 1, 1, 1, 1, infinity, 0])
})
