import { Conv2D, Dense, Flatten, MaxPool2D, Sequential } from 'convnet-ts'
import { expect, test } from 'vitest'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import { Network } from '../../src/model/plan/network.ts'
import { Runner } from '../../src/model/runner.ts'

/** Kernels that know how many numbers are held: allocated, and not given back. */
function countingKernels() {
  const held = new Set<Float32Array>()
  const kernels: Kernels = {
    ...referenceFloat32,
    allocate(length) {
      const array = new Float32Array(length)
      if (length > 0) held.add(array)
      return array
    },
    release(array) {
      if (array.length > 0 && !held.delete(array)) throw new Error('given back twice, or never allocated')
    },
  }
  return { kernels, numbers: () => [...held].reduce((sum, { length }) => sum + length, 0) }
}

const model = new Sequential(
  [
    new Conv2D({ filters: 4, kernelSize: 3, activation: 'relu' }),
    new MaxPool2D(),
    new Flatten(),
    new Dense({ units: 3 }),
  ],
  { inputShape: [8, 8, 1] },
)
model.compile({ loss: 'meanSquaredError', optimizer: 'adam' })
const compiled = model.compiled!

test('what is replaced gives its memory back at once', () => {
  const { kernels, numbers } = countingKernels()
  const runner = new Runner(new Network(kernels, model.layers, [8, 8, 1], 1))
  runner.predictor(8)
  const withPredictor = numbers()
  for (let rows = 1; rows <= 8; rows++) runner.predictor(rows)
  expect(numbers()).toBe(withPredictor)
  runner.predictor(9)
  expect(numbers()).toBeLessThan(1.25 * withPredictor)

  const before = numbers()
  runner.newEvaluator(compiled, 8).release()
  // The targets of a loss that compares values are left to the garbage collector.
  expect(numbers()).toBe(before + 8 * 3)

  runner.trainer(compiled, 4)
  const withTrainer = numbers()
  runner.trainer(compiled, 400)
  runner.trainer(compiled, 4)
  expect(numbers()).toBeLessThan(100 * withTrainer)
  const gradients = runner.network.gradients.length
  runner.recompile()
  expect(numbers()).toBeLessThan(before + gradients + 500 * 3 + 1)
})
