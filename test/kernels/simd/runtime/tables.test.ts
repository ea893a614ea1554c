import { expect, test } from 'vitest'
import { writeModule } from '../../../../src/kernels/simd/assembly/write-module.ts'
import { maxPool2dTasks } from '../../../../src/kernels/simd/max-pool2d/max-pool2d.ts'
import { alone } from '../../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../../src/kernels/simd/runtime/machine.ts'
import { Tables, Workspace } from '../../../../src/kernels/simd/runtime/tables.ts'
import { collectGarbage } from '../../../support/garbage.ts'

const machine = new Machine(writeModule(maxPool2dTasks), alone)
const integersAt = (address: number, length: number) =>
  Array.from(new Int32Array(machine.share.memory.buffer, address, length))

test('tables hold their numbers, and stay where they are when longer ones are asked for', async () => {
  const tables = new Tables(machine)
  const ramp = tables.ramp(12, 20)
  const list = tables.list([5, -1, 2 ** 31 - 1])
  const zeros = tables.zeros(9)
  expect(tables.ramp(12, 20)).toBe(ramp)
  expect(tables.ramp(12, 3)).toBe(ramp)
  expect(tables.ramp(8, 20)).not.toBe(ramp)
  const longer = tables.ramp(12, 21)
  expect(longer).not.toBe(ramp)

  await collectGarbage()
  for (let i = 0; i < 50; i++) machine.allocate(20).fill(Number.NaN)
  expect(integersAt(ramp, 20)).toEqual(Array.from({ length: 20 }, (_, i) => 12 * i))
  expect(integersAt(longer, 21)).toEqual(Array.from({ length: 21 }, (_, i) => 12 * i))
  expect(integersAt(list, 3)).toEqual([5, -1, 2 ** 31 - 1])
  expect(integersAt(zeros, 9)).toEqual(new Array(9).fill(0))
})

test('a workspace keeps its place until more is asked for', () => {
  const workspace = new Workspace(machine)
  const place = workspace.reserve(100)
  expect(workspace.reserve(40)).toBe(place)
  expect(workspace.reserve(100)).toBe(place)
  expect(workspace.reserve(101)).not.toBe(place)
})
