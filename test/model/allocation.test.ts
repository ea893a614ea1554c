import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Callback, Conv2D, Dense, Dropout, Flatten, MaxPool2D, Rescaling, Sequential } from 'convnet-ts'
import { expect, test } from 'vitest'
import { toyData, toyModel } from '../support/toy.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Steps until the engine has compiled everything that it will compile. */
const WARM_UP = 9000
const STEPS = 200
/** Stretches of that many steps, since the engine may still compile something in one of them. */
const STRETCHES = 5

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
  const data = toyData((WARM_UP + STRETCHES * STEPS + 1) * 4)
  const [x, y] = [convert(data.x.data), data.y]
  const model = make()
  let before = process.memoryUsage()
  const buffers: number[] = []
  const perStep: number[] = []
  const meter: Callback = {
    onBatchEnd: batch => {
      if (batch < WARM_UP || (batch - WARM_UP) % STEPS > 0) return
      const { arrayBuffers, heapUsed } = process.memoryUsage()
      if (batch > WARM_UP) {
        buffers.push(arrayBuffers - before.arrayBuffers)
        perStep.push((heapUsed - before.heapUsed) / STEPS)
      }
      // Twice, so that nothing is left to be freed within the next steps.
      collectGarbage()
      collectGarbage()
      before = process.memoryUsage()
    },
  }
  await model.fit(x, y, { batchSize: 4, verbose: 0, callbacks: [meter] })
  expect(buffers).toEqual(new Array(STRETCHES).fill(0))
  expect(perStep.sort((a, b) => a - b)[Math.floor(STRETCHES / 2)]).toBeLessThan(1024)
})
