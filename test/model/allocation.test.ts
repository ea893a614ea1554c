import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Callback } from 'convnet-ts'
import { expect, test } from 'vitest'
import { toyData, toyModel } from '../support/toy.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Steps until the engine has compiled everything that it will compile. */
const WARM_UP = 3000
const STEPS = 200

test('a step creates no ArrayBuffer and less than 1 KB', async () => {
  const { x, y } = toyData((WARM_UP + STEPS + 2) * 4)
  const model = toyModel()
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
