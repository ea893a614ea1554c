import { Conv2D, Dense, Flatten, Rescaling, Sequential, type SequentialOptions, tensor } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import type { Layer } from '../../src/layers/layer.ts'
import { Network } from '../../src/model/plan/network.ts'
import { inputRows, type RowData } from '../../src/model/rows.ts'
import { random } from '../../src/tensor/random.ts'
import type { NumericArray, Rows } from '../../src/tensor/tensor.ts'
import { expectSameBits } from '../support/compare.ts'

const ROWS = 12
const order = Uint32Array.of(3, 11, 0, 5, 5, 7)

function bytesFor(size: number): Uint8Array {
  const next = random(2, 'bytes')
  return Uint8Array.from({ length: ROWS * size }, () => 256 * next())
}

const labels = Uint8Array.from({ length: ROWS }, (_, i) => i % 3)

/** A layer that tells what it is given, and hands it on as numbers. */
function witness(seen: NumericArray[], takesBytes: boolean): Layer {
  return {
    type: 'Witness',
    config: {},
    outputShape: input => input,
    needs: () => ({ inPlace: 'overwrite', takesBytes }),
    bind: () => ({
      forward: (_rows, x, y) => {
        seen.push(x.slice())
        for (let i = 0; i < y.length; i++) y[i] = x[i]
      },
      backward: (_rows, x) => void seen.push(x),
    }),
  }
}

const networkOf = (...layers: Layer[]) =>
  new Network(
    referenceFloat32,
    layers.map((layer, i) => ({ name: `layer_${i}`, layer })),
    [3, 4, 1],
    1,
  )

const pass = { training: true, seed: 1, step: 1 }
const rowsOf = (data: NumericArray): RowData => inputRows('test', data, [3, 4, 1])

describe('a first layer that takes bytes', () => {
  test('is given the rows of a batch as bytes, forward and backward', () => {
    const seen: NumericArray[] = []
    const plan = networkOf(witness(seen, true)).trainingPlan(8, true)
    const bytes = bytesFor(12)
    plan.load(rowsOf(bytes), order, 1, 4)
    plan.forward(4, pass)
    plan.backward(4, pass)
    const expected = [11, 0, 5, 5].flatMap(row => [...bytes.subarray(12 * row, 12 * row + 12)])
    expect(seen.map(x => x.constructor)).toEqual([Uint8Array, Uint8Array])
    expectSameBits(seen[0].subarray(0, 48), expected)
    expectSameBits(plan.output.subarray(0, 48), expected)
  })

  test('is given reals where the data are no bytes, in turn with them', () => {
    const seen: NumericArray[] = []
    const plan = networkOf(witness(seen, true)).inferencePlan(2)
    const bytes = bytesFor(12)
    for (const data of [bytes, Int8Array.from(bytes), bytes, Float64Array.from(bytes)]) {
      plan.load(rowsOf(data), null, 3, 2)
      plan.forward(2, pass)
      expectSameBits(plan.output, data.subarray(36, 60))
    }
    expect(seen.map(x => x.constructor)).toEqual([Uint8Array, Float32Array, Uint8Array, Float32Array])
  })
})

test.each([
  ['one that does not take them', (seen: NumericArray[]) => [witness(seen, false)]],
  ['a later layer', (seen: NumericArray[]) => [new Flatten(), witness(seen, true)]],
])('bytes are numbers to %s', (_, layers) => {
  const seen: NumericArray[] = []
  const plan = networkOf(...layers(seen)).inferencePlan(2)
  const bytes = bytesFor(12)
  plan.load(rowsOf(bytes), null, 0, 2)
  plan.forward(2, pass)
  expect(seen[0].constructor).toBe(Float32Array)
  expectSameBits(plan.output, bytes.subarray(0, 24))
})

describe('bytes and the numbers that they are give the same bits', () => {
  const make = (inputShape: SequentialOptions['inputShape']) => {
    const model = new Sequential(
      [
        new Rescaling({ scale: 1 / 255, offset: -0.5 }),
        new Conv2D({ filters: 3, kernelSize: 2, activation: 'relu' }),
        new Flatten(),
        new Dense({ units: 3, activation: 'softmax' }),
      ],
      { inputShape },
    )
    model.compile({ loss: 'sparseCategoricalCrossentropy' })
    return model
  }
  const shifted = (bytes: Uint8Array, by: number) => {
    const moved = new Uint8Array(bytes.length + by)
    moved.set(bytes, by)
    return moved.subarray(by)
  }
  const shape = (width: number) => [ROWS, 3, width, 1]

  test.each<[string, number, (bytes: Uint8Array) => Rows]>([
    ['rows of whole words', 4, bytes => bytes],
    ['rows of other lengths', 3, bytes => bytes],
    ['data that begin between words', 4, bytes => shifted(bytes, 3)],
    ['data that begin at a later word', 4, bytes => shifted(bytes, 8)],
    ['clamped bytes, as canvases have them', 4, bytes => new Uint8ClampedArray(bytes)],
    ['a tensor', 4, bytes => tensor(bytes, shape(4))],
    ['a view of a tensor', 4, bytes => tensor(bytes, shape(4)).step(1, -1, 1).step(1, -1, 1)],
  ])('%s', async (_, width, convert) => {
    const bytes = bytesFor(3 * width)
    const results = async (x: Rows) => {
      const model = make([3, width, 1])
      const options = { epochs: 2, batchSize: 5, validationSplit: 0.25, verbose: 0 } as const
      const { history } = await model.fit(x, labels, options)
      const { loss } = model.evaluate(x, labels, { batchSize: 7 })
      const output = model.predict(x, { batchSize: 5 }).data
      return [...history.loss!, ...history.valLoss!, loss, ...output]
    }
    expectSameBits(await results(convert(bytes)), await results(Float32Array.from(bytes)))
  })
})
