import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Callback, Conv2D, Dense, Dropout, Flatten, MaxPool2D, Rescaling, Sequential } from 'convnet-ts'
import { expect, test } from 'vitest'
import { toyData, toyModel } from '../support/toy.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Steps until the engine has compiled everything that it will compile. */
const WARM_UP = 3000
const STEPS = 200

/** The toy model on images in bytes, with a mask. */
function byteModel(): Sequential {
  const model = new Sequential(
    [
      new Rescaling({ scale: 1 / 255 }),
      new Conv2D({ filters: 4, kernelSize: 3, activation: 'relu' }),
      new MaxPool2D(),
      new Dropout({ rate: 0.2 }),
      new Flatten(),
      new Dense({ units: 3, activation: 'softmax' }),
    ],
    { inputShape: [8, 8, 1] },
  )
  model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
  return model
}

test.each([
  ['reals', toyModel, (x: Float32Array) => x],
  ['bytes', byteModel, (x: Float32Array) => Uint8Array.from(x, value => 150 * value)],
])('a step on %s creates no ArrayBuffer and less than 1 KB', async (_, make, convert) => {
  const data = toyData((WARM_UP + STEPS + 2) * 4)
  const [x, y] = [convert(data.x.data), data.y]
  const model = make()
  const arrayBuffers = [0, 0]
  const heap = [0, 0]
  const measure = (at: 0 | 1) => {
    const usage = process.memoryUsage()
    arrayBuffers[at] = usage.arrayBuffers
    heap[at] = usage.heapUsed
  }
  const meter: Callback = {
    onBatchEnd: batch => {
      if (batch === WARM_UP) {
        // Twice, so that nothing is left to be freed within the measured steps.
        collectGarbage()
        collectGarbage()
        measure(0)
      }
      if (batch === WARM_UP + STEPS) measure(1)
    },
  }
  await model.fit(x, y, { batchSize: 4, verbose: 0, callbacks: [meter] })
  expect(arrayBuffers[1]).toBe(arrayBuffers[0])
  expect((heap[1] - heap[0]) / STEPS).toBeLessThan(1024)
})
