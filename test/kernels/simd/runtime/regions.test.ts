import { describe, expect, test } from 'vitest'
import { MemoryError } from '../../../../src/errors.ts'
import type { Kernels } from '../../../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../../../src/kernels/reference/reference.ts'
import { writeModule } from '../../../../src/kernels/simd/assembly/write-module.ts'
import { maxPool2dKernels, maxPool2dTasks } from '../../../../src/kernels/simd/max-pool2d/max-pool2d.ts'
import { alone } from '../../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../../src/kernels/simd/runtime/machine.ts'
import { Regions } from '../../../../src/kernels/simd/runtime/regions.ts'
import { Conv2D } from '../../../../src/layers/conv2d.ts'
import { Dense } from '../../../../src/layers/dense.ts'
import { Flatten } from '../../../../src/layers/flatten.ts'
import { MaxPool2D } from '../../../../src/layers/max-pool2d.ts'
import { Network } from '../../../../src/model/plan/network.ts'
import { Adam } from '../../../../src/optim/adam.ts'
import { expectSameBits } from '../../../support/compare.ts'
import { collectGarbage } from '../../../support/garbage.ts'

const PAGE = 65_536

function make(initial = 1, maximum = 65_536) {
  const memory = new WebAssembly.Memory({ initial, maximum, shared: true })
  return { memory, regions: new Regions(memory, 100) }
}

describe('regions', () => {
  test('are apart, aligned, behind the start, and all zero; old ones stay valid when the memory grows', () => {
    const { memory, regions } = make()
    const arrays = [1, 16, 17, 0, 3 * PAGE, 5, PAGE].map(length => regions.allocate(length))
    for (const [i, array] of arrays.entries()) {
      expect(array.every(value => value === 0)).toBe(true)
      array.fill(i + 1)
    }
    for (const [i, array] of arrays.entries()) {
      expect(array.every(value => value === i + 1)).toBe(true)
      expect(array.byteOffset % 64).toBe(0)
      if (array.length === 0) continue
      expect(array.byteOffset).toBeGreaterThanOrEqual(100)
      expect(array.byteOffset + array.byteLength).toBeLessThanOrEqual(memory.buffer.byteLength - 64)
    }
  })

  test('grow the memory by no more than is missing', () => {
    const { memory, regions } = make(1)
    regions.allocate((PAGE - 128 - 64) / 4)
    expect(memory.buffer.byteLength).toBe(PAGE)
    regions.allocate(1)
    expect(memory.buffer.byteLength).toBe(2 * PAGE)
    regions.allocate((2 * PAGE - 64) / 4)
    expect(memory.buffer.byteLength).toBe(3 * PAGE)
  })

  test('of length 0 take nothing', () => {
    const { regions } = make()
    const { byteOffset } = regions.allocate(1)
    for (let i = 0; i < 1000; i++) expect(regions.allocate(0)).toHaveLength(0)
    expect(regions.allocate(1).byteOffset).toBe(byteOffset + 64)
  })

  test.each([
    ['more than 4 GiB', make(), 2 ** 30],
    ['more than an index can say', make(), 2 ** 52],
    ['more than the engine gives', make(1, 2), PAGE],
  ])('that cannot be had are a MemoryError, and change nothing: %s', (_, { memory, regions }, length) => {
    const { byteOffset } = regions.allocate(1)
    expect(() => regions.allocate(length)).toThrow(MemoryError)
    expect(memory.buffer.byteLength).toBe(PAGE)
    expect(regions.allocate(1).byteOffset).toBe(byteOffset + 64)
  })

  test('of dropped arrays are given again, joined and zero, and those of held ones are not', async () => {
    const { memory, regions } = make()
    const allocate = (length: number) => regions.allocate(length).fill(7).byteOffset
    const start = allocate(100)
    allocate(200)
    const held = regions.allocate(300).fill(8)
    const behind = allocate(400)
    await collectGarbage()
    const again = regions.allocate(300)
    expect(again.byteOffset).toBe(start)
    expect(again.every(value => value === 0)).toBe(true)
    expect(allocate(400)).toBe(behind)
    expect(held.every(value => value === 8)).toBe(true)
    expect(memory.buffer.byteLength).toBe(PAGE)
  })

  test('are not held by views', async () => {
    const { regions } = make()
    const view = (() => regions.allocate(100).subarray(50))()
    await collectGarbage()
    expect(regions.allocate(100).byteOffset).toBe(view.byteOffset - 200)
  })
})

describe('models in the memory of a machine', () => {
  const machine = new Machine(writeModule(maxPool2dTasks), alone)
  const kernels: Kernels = {
    ...referenceFloat32,
    ...maxPool2dKernels(machine),
    allocate: length => machine.allocate(length),
  }
  const pass = { training: true, seed: 1, step: 0 }
  const layers = () =>
    [
      new Conv2D({ filters: 4, kernelSize: 3, padding: 'same' }),
      new MaxPool2D(),
      new MaxPool2D({ poolSize: 3, strides: 1, padding: 'same' }),
      new Flatten(),
      new Dense({ units: 8 }),
    ].map((layer, i) => ({ name: `layer_${i}`, layer }))
  const build = (kernels: Kernels) => new Network(kernels, layers(), [16, 16, 2], 3)
  /** Takes what is free, and leaves garbage there. */
  const occupy = () => {
    for (let i = 0; i < 100; i++) machine.allocate(3000).fill(Number.NaN)
  }

  test('give their memory back when they are dropped', async () => {
    const train = () => {
      const network = build(kernels)
      const plan = network.trainingPlan(300)
      const optimizer = new Adam().bind(kernels, network.values.length)
      plan.input.fill(1)
      plan.forward(4, pass)
      plan.dOutput!.fill(1)
      plan.backward(4, pass)
      optimizer.step(network.values, network.gradients)
    }
    train()
    await collectGarbage()
    const { byteLength } = machine.share.memory.buffer
    expect(byteLength).toBeGreaterThan(16 * PAGE)
    for (let i = 0; i < 5; i++) {
      train()
      await collectGarbage()
    }
    expect(machine.share.memory.buffer.byteLength).toBe(byteLength)
  })

  test('keep it while only a plan is held', async () => {
    const run = (plan: ReturnType<typeof planFor>) => {
      for (const i of plan.input.keys()) plan.input[i] = Math.fround(((i * 37) % 101) / 101 - 0.5)
      plan.forward(8, pass)
      for (const i of plan.dOutput!.keys()) plan.dOutput![i] = (i % 5) - 2
      plan.backward(8, pass)
      return [plan.output.slice(), plan.dInput!.slice()]
    }
    const planFor = (kernels: Kernels) => build(kernels).trainingPlan(8, true)
    const plan = planFor(kernels)
    await collectGarbage()
    occupy()
    const [output, dInput] = run(plan)
    const [expectedOutput, expectedDInput] = run(planFor(referenceFloat32))
    expectSameBits(output, expectedOutput, 'output')
    expectSameBits(dInput, expectedDInput, 'dInput')
  })
})
