import { describe, expect, test, vi } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { checkedKernels } from '../../src/kernels/checked.ts'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import { expectRefusal } from '../support/refusals.ts'
import { readyKernels, tiles } from '../support/simd.ts'

describe.each([
  ['the reference', referenceFloat32],
  ['SIMD', await readyKernels(1, tiles['4×8'])],
])('checked kernels: %s', (_, kernels) => {
  const checked = checkedKernels(kernels, 'layer mine')

  test('compute the same with arrays of their own, also from before the memory has grown, and views of them', () => {
    const early = checked.allocate(4)
    early.set([-1, 2, -3, 4])
    const late = checked.allocate(2 ** 20)
    checked.relu(4, early, late)
    expect(Array.from(late.subarray(0, 4))).toEqual([0, 2, 0, 4])
    checked.relu(2, early.subarray(2), late.subarray(4))
    expect(Array.from(late.subarray(0, 6))).toEqual([0, 2, 0, 4, 0, 4])
    expect(Object.keys(checked).sort()).toEqual(Object.keys(kernels).sort())
  })
})

test('the reference computes with any array', () => {
  const y = new Float32Array(2)
  checkedKernels(referenceFloat32, 'layer mine').relu(2, Float32Array.of(-1, 2), y)
  expect(Array.from(y)).toEqual([0, 2])
})

test('SIMD refuses other arrays before anything is computed, in any place and of any type', async () => {
  const kernels = await readyKernels(1, tiles['4×8'])
  const rescale = vi.fn()
  const checked = checkedKernels({ ...kernels, rescale }, 'layer mine')
  const own = kernels.allocate(8)
  const foreign = new Float32Array(8)
  expectRefusal(
    () => checked.relu(8, own, foreign),
    'layer mine',
    'argument 3 of relu',
    "is a Float32Array of 32 bytes, expected an array in the kernels' memory: one that the step was given, or",
  )
  expect(() => checked.relu(8, foreign, own)).toThrow('argument 2 of relu')
  expect(() => checked.rescale(8, 1, 0, new Uint8Array(8), own)).toThrow('argument 4 of rescale')
  expect(() => checked.release(foreign)).toThrow('argument 1 of release')
  expect(() => checked.relu(8, own, new Float32Array(new SharedArrayBuffer(32)))).toThrow(OptionError)
  expect(rescale).not.toHaveBeenCalled()
})
