import { setBackend } from 'convnet-ts'
import { expect, onTestFinished, test } from 'vitest'
import { drawnImages } from '../../../bench/support/drawn-images.ts'
import { stepFlops } from '../../../bench/support/flops.ts'
import { KernelClock } from '../../../bench/support/kernel-clock.ts'
import { geometryOf } from '../../../bench/support/notebook-model.ts'
import { buildModel, experiments } from '../../../examples/fashion-mnist/experiments.ts'
import { currentBackend } from '../../../src/backend/backend.ts'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'

test('changes no result, and adds up the calls of one kernel with one geometry', () => {
  const kernels = { ...referenceFloat32 }
  const clock = new KernelClock(kernels)
  const dense = (inputs: number, units: number) => {
    const [x, w, y] = [4 * inputs, inputs * units, 4 * units].map(length => new Float32Array(length).fill(2))
    kernels.dense({ inputs, units }, 4, x, w, null, y)
    return Array.from(y)
  }
  expect(dense(3, 2)).toEqual(new Array(8).fill(12))
  dense(3, 2)
  dense(2, 1)
  kernels.relu(3, Float32Array.of(-1, 0, 1), new Float32Array(3))
  const parts = clock.takeParts()
  expect(parts.map(({ kernel, flops, bytes }) => [kernel, flops, bytes])).toEqual([
    ['dense 3→2', 2 * 4 * 12, 2 * 4 * 12],
    ['dense 2→1', 4 * 4, 4 * 8],
    ['relu', 0, 0],
  ])
  for (const { seconds } of parts) expect(seconds).toBeGreaterThanOrEqual(0)
  expect(clock.takeParts()).toEqual([])
})

test('finds all operations of a step of each experiment', () => {
  onTestFinished(() => setBackend({}))
  setBackend({ fusion: true })
  const clock = new KernelClock(currentBackend().kernels)
  for (const [i, experiment] of experiments.entries()) {
    const { images, labels } = drawnImages(8)
    buildModel(experiment, 1).trainOnBatch(images, labels)
    const flops = clock.takeParts().reduce((sum, part) => sum + part.flops, 0)
    expect(flops).toBe(8 * stepFlops(geometryOf(i + 1)))
  }
})
