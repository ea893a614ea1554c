import { Adam, Dense, type Layer, type Optimizer, Sequential, setBackend, sizeOf } from 'convnet-ts'
import { afterEach, expect, test } from 'vitest'
import { expectSameBits } from '../support/compare.ts'
import { toyData, toyModel } from '../support/toy.ts'

afterEach(() => setBackend({}))

/** A layer with an array of its own, which goes through ReLU on its way. */
const detour = (usesAllocate: boolean): Layer => ({
  type: 'Detour',
  config: {},
  outputShape: input => input,
  needs: () => ({ backwardReads: 'neither' }),
  bind(kernels, { inputShape }) {
    const size = sizeOf(inputShape)
    const own = usesAllocate ? kernels.allocate(32 * size) : (new Float32Array(32 * size) as never)
    return {
      forward(rows, x, y) {
        kernels.relu(rows * size, x, own)
        y.set(own.subarray(0, rows * size))
      },
      backward() {},
    }
  },
})

const x = Float32Array.of(-7, 7, -1)
const through = (layer: Layer) => new Sequential([layer], { inputShape: [3] }).predict(x).data

test('a layer’s own arrays reach kernels only by allocate, and no other model is harmed', () => {
  setBackend({ kernels: 'reference' })
  expectSameBits(through(detour(false)), [0, 7, 0])
  expectSameBits(through(detour(true)), [0, 7, 0])

  setBackend({ kernels: 'simd', threads: 1 })
  const other = new Sequential([new Dense({ units: 300 })], { inputShape: [50] })
  other.build([50])
  const weights = other.getWeights()[0].data.slice()
  expect(() => through(detour(false))).toThrow(
    'layer detour: argument 3 of relu is a Float32Array of 384 bytes',
  )
  expectSameBits(other.getWeights()[0].data, weights)
  expectSameBits(through(detour(true)), [0, 7, 0])
})

test('so do an optimiser’s', () => {
  setBackend({ kernels: 'simd', threads: 1 })
  class Mine extends Adam implements Optimizer {
    override bind: Adam['bind'] = (kernels, n) =>
      super.bind({ ...kernels, allocate: length => new Float32Array(length) as never }, n)
  }
  const model = toyModel()
  model.compile({ optimizer: new Mine(), loss: 'sparseCategoricalCrossentropy' })
  const { x, y } = toyData(8)
  expect(() => model.trainOnBatch(x, y)).toThrow('optimizer adam: argument 5 of adam')
})
