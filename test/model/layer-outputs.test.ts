import {
  Activation,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  type Layer,
  type LayerOutput,
  MaxPool2D,
  Rescaling,
  Sequential,
  setBackend,
  type Tensor,
  tensor,
} from 'convnet-ts'
import { expect, test } from 'vitest'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import { expectSameBits } from '../support/compare.ts'
import { toyData, toyModel } from '../support/toy.ts'

const { x, y } = toyData(21)

/** Each kind of built-in layer; a part of them is fused when the model predicts. */
function garmentModel(): Sequential {
  const model = new Sequential(
    [
      new Rescaling({ scale: 1 / 255 }),
      new Conv2D({ filters: 4, kernelSize: 3, activation: 'relu' }),
      new MaxPool2D(),
      new Dropout({ rate: 0.5 }),
      new Flatten(),
      new Dense({ units: 5, activation: 'relu', name: 'hidden' }),
      new Dense({ units: 3 }),
      new Activation({ activation: 'softmax' }),
    ],
    { inputShape: [8, 8, 1] },
  )
  model.compile({ loss: 'sparseCategoricalCrossentropy' })
  return model
}

const bytes = tensor(
  Uint8Array.from(x.data, value => 150 * value),
  [21, 8, 8, 1],
)

function outputOf(outputs: readonly LayerOutput[], name: string): Tensor {
  return outputs.find(output => output.name === name)!.output
}

test('there is one of each layer, in order, and one more behind each activation', () => {
  const outputs = garmentModel().layerOutputs(bytes)
  expect(outputs.map(({ name, type, output }) => [name, type, output.shape])).toEqual([
    ['rescaling', 'Rescaling', [21, 8, 8, 1]],
    ['conv2d', 'Conv2D', [21, 6, 6, 4]],
    ['conv2d/relu', 'Activation', [21, 6, 6, 4]],
    ['max_pooling2d', 'MaxPooling2D', [21, 3, 3, 4]],
    ['dropout', 'Dropout', [21, 3, 3, 4]],
    ['flatten', 'Flatten', [21, 36]],
    ['hidden', 'Dense', [21, 5]],
    ['hidden/relu', 'Activation', [21, 5]],
    ['dense', 'Dense', [21, 3]],
    ['activation', 'Activation', [21, 3]],
  ])
})

test('each follows from the one before', ({ onTestFinished }) => {
  // The reference has no other.
  setBackend({ numerics: 'strict' })
  onTestFinished(() => setBackend({}))
  const model = garmentModel()
  const outputs = model.layerOutputs(bytes)
  const data = (name: string) => outputOf(outputs, name).data
  const [kernel, bias, hiddenKernel, hiddenBias] = model.getWeights().map(weight => weight.data)

  expectSameBits(
    data('rescaling'),
    Float32Array.from(bytes.data, byte => byte * Math.fround(1 / 255)),
  )
  const convolved = new Float32Array(21 * 6 * 6 * 4)
  const g = new Conv2D({ filters: 4, kernelSize: 3 }).geometry([8, 8, 1])
  referenceFloat32.conv2d(g, 21, data('rescaling'), kernel, bias, convolved)
  expectSameBits(data('conv2d'), convolved)
  expect(Math.min(...convolved)).toBeLessThan(0)
  expectSameBits(
    data('conv2d/relu'),
    convolved.map(value => (value > 0 ? value : 0)),
  )
  const map = outputOf(outputs, 'conv2d/relu')
  const pooled = outputOf(outputs, 'max_pooling2d')
  const window = [0, 1].flatMap(i => [0, 1].map(j => map.get(20, 4 + i, 2 + j, 3)))
  expect(pooled.get(20, 2, 1, 3)).toBe(Math.max(...window))
  expectSameBits(data('dropout'), pooled.data)
  expectSameBits(data('flatten'), pooled.data)
  const hidden = new Float32Array(21 * 5)
  referenceFloat32.dense({ inputs: 36, units: 5 }, 21, data('flatten'), hiddenKernel, hiddenBias, hidden)
  expectSameBits(data('hidden'), hidden)
})

test('the last is what predict gives, bit for bit, whatever the batches, for bytes and for reals', () => {
  const model = garmentModel()
  const whole = model.layerOutputs(bytes)
  expectSameBits(whole.at(-1)!.output.data, model.predict(bytes).data)
  for (const batchSize of [1, 8, 21, 1000]) {
    for (const [k, { output }] of model.layerOutputs(bytes, { batchSize }).entries())
      expectSameBits(output.data, whole[k].output.data, whole[k].name)
  }
  const reals = toyModel()
  expectSameBits(reals.layerOutputs(x.step(-1)).at(-1)!.output.data, reals.predict(x.step(-1)).data)
})

test('looking changes nothing, while fit runs either', async () => {
  const options = { verbose: 0, epochs: 2, batchSize: 8 } as const
  const undisturbed = garmentModel()
  await undisturbed.fit(bytes, y, options)
  const model = garmentModel()
  let last: LayerOutput[] = []
  const look = () => {
    last = model.layerOutputs(bytes, { batchSize: 4 })
  }
  await model.fit(bytes, y, { ...options, callbacks: [{ onBatchEnd: look }] })
  expectSameBits(last.at(-1)!.output.data, undisturbed.predict(bytes).data)
})

test('parts of a layer of one’s own have names of their own', () => {
  const dense = new Dense({ units: 3 })
  const relu = new Activation({ activation: 'relu' })
  const block: Layer = {
    type: 'Block',
    config: {},
    parts: () => [dense, relu, new Dropout({ rate: 0.5 }), relu],
    outputShape: () => [3],
    needs: input => dense.needs(input),
    bind: (kernels, memory) => dense.bind(kernels, memory),
  }
  const model = new Sequential([block, block], { inputShape: [4] })
  const parts = ['', '/relu', '/dropout', '/relu_1']
  expect(model.layerOutputs(new Float32Array(8)).map(({ name }) => name)).toEqual([
    ...parts.map(part => `block${part}`),
    ...parts.map(part => `block_1${part}`),
  ])
})

test('bad input is refused, and a model without a shape takes that of the rows', () => {
  const model = toyModel()
  expect(() => model.layerOutputs(new Float32Array(63))).toThrow('layerOutputs: x has 63 elements')
  expect(() => model.layerOutputs(x, { batchSize: 0 })).toThrow('layerOutputs: batchSize is 0')
  const flat = new Sequential([new Flatten()])
  const [{ output }] = flat.layerOutputs(tensor(Float32Array.of(1, 2, 3, 4), [1, 2, 2]))
  expect(output.shape).toEqual([1, 4])
  expectSameBits(output.data, [1, 2, 3, 4])
})
