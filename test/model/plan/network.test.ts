import { expect, test } from 'vitest'
import { MemoryError } from '../../../src/errors.ts'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'
import { Dense } from '../../../src/layers/dense.ts'
import { Network } from '../../../src/model/plan/network.ts'

test('weights that no memory can be had for are refused by their size', () => {
  const allocate = (length: number) => {
    if (length > 0) throw new RangeError('Array buffer allocation failed')
    return new Float32Array(0)
  }
  const layers = [{ name: 'dense', layer: new Dense({ units: 16 }) }]
  const make = () => new Network({ ...referenceFloat32, allocate }, layers, [1_000_000], 0)
  expect(make).toThrow(MemoryError)
  expect(make).toThrow(/^64\.0 MB of memory cannot be had/)
})
