import {
  Activation,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  fashionMnist,
  flat,
  type Layer,
  MaxPool2D,
  Rescaling,
  type Shape,
  setBackend,
  UnsupportedLayerError,
} from 'convnet-ts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { buildModel, experiments } from '../../../examples/fashion-mnist/experiments.ts'
import { LIBRARY_VERSION } from '../../../src/io/model-file/format.ts'
import { toOnnx } from '../../../src/io/onnx/to-onnx.ts'
import { Conv2DReluMaxPool2D } from '../../../src/layers/conv2d-relu-max-pool2d.ts'
import { expectClose } from '../../support/compare.ts'
import { drawnModels, type ExportedModel, exportedModel } from '../../support/exported-models.ts'
import { readOnnx, runOnnx } from '../../support/onnx.ts'
import { realData, testWithRealData } from '../../support/real-data.ts'
import { toyModel } from '../../support/toy.ts'

/** A layer of the user's own, of which each part has constants. */
const twoRescalings: Layer = {
  ...new Flatten(),
  ...{ outputShape: input => input, needs: () => ({}), bind: () => expect.unreachable() },
  type: 'Twice',
  parts: () => [new Rescaling({ scale: 2, offset: 1 }), new Rescaling({ scale: 3, offset: -1 })],
}

/** Each tool adds in an order of its own. */
const tolerance = { rtol: 1e-5, atol: 1e-5 }

async function expectPredictions({ model, x }: ExportedModel): Promise<void> {
  const expected = model.predict(x)
  const { shape, data } = await runOnnx(toOnnx(model), x.data, x.shape)
  expect(shape).toEqual(expected.shape)
  expectClose(data, expected.data, tolerance, model.layers.map(({ name }) => name).join(' → '))
}

describe('onnxruntime predicts what the model does', () => {
  test('with every layer and every option, drawn', async () => {
    for (const drawn of drawnModels(80)) await expectPredictions(drawn)
  })

  test.each<[string, Layer[], Shape]>([
    ['nothing but layers that do nothing', [new Dropout({ rate: 0.5 })], [4, 3]],
    [
      'softmax over channels, first or last',
      [new Activation({ activation: 'softmax' }), new MaxPool2D(), new Activation({ activation: 'softmax' })],
      [4, 4, 3],
    ],
    [
      'the odd pixel of padding at the bottom and right',
      [new Conv2D({ filters: 2, kernelSize: [2, 4], padding: 'same' })],
      [5, 6, 2],
    ],
    [
      'padding on a pooling, with negative pixels',
      [new MaxPool2D({ poolSize: 3, strides: 2, padding: 'same' })],
      [6, 6, 2],
    ],
    [
      'strides beyond the kernel',
      [new Conv2D({ filters: 3, kernelSize: 1, strides: 3, padding: 'same' })],
      [8, 8, 1],
    ],
    [
      'names that the file has for itself',
      [new Flatten({ name: 'input' }), new Rescaling({ scale: 2, offset: 1, name: 'output' })],
      [2, 2, 2],
    ],
    [
      'names with whatever characters',
      ['a:0', '"\n\\', 'ünïcödé 👕', '__proto__', '0', ' '].map(name => new Dense({ units: 3, name })),
      [2],
    ],
    ['two layers of a kind as parts of one', [twoRescalings], [3]],
  ])('%s', async (_, layers, inputShape) => {
    await expectPredictions(exportedModel(layers, inputShape))
  })

  testWithRealData(
    "the notebook's models, trained a little, on the 10,000 test images",
    'train-images-idx3-ubyte.gz',
    async () => {
      // Plain TypeScript would take minutes.
      onTestFinished(() => setBackend({}))
      setBackend({ kernels: 'simd' })
      const { train, test } = await fashionMnist({ dir: realData })
      const pixels = Float32Array.from(flat(test.images))
      for (const experiment of experiments) {
        const model = buildModel(experiment, 1)
        await model.fit(train.images.hi(4000), train.labels.subarray(0, 4000), { batchSize: 100, verbose: 0 })
        const bytes = toOnnx(model)
        const predicted = model.predict(test.images).data
        for (let from = 0; from < 10_000; from += 1000) {
          const rows = pixels.subarray(784 * from, 784 * (from + 1000))
          const { data } = await runOnnx(bytes, rows, [1000, 28, 28, 1])
          // Half of what it would be were the products of a dense layer added up in a single chain.
          const near = { rtol: 0, atol: 3e-6 }
          expectClose(data, predicted.subarray(10 * from, 10 * (from + 1000)), near, model.name)
        }
      }
    },
  )
})

test('a layer whose operators are not known is refused', () => {
  // One of the library's own, which no one has written nodes for.
  const fused = new Conv2DReluMaxPool2D(new Conv2D({ filters: 1, kernelSize: 3 }), null, null)
  const { model } = exportedModel([fused], [4, 4, 1])
  expect(() => toOnnx(model)).toThrow(UnsupportedLayerError)
})

describe('the file', () => {
  test('has nodes named as layerOutputs does, and constants as weightPaths', () => {
    const model = buildModel(experiments[2], 1)
    const { producer, opset, graph, nodes, constants } = readOnnx(toOnnx(model))
    expect({ producer, opset, graph }).toEqual({
      producer: `convnet-ts ${LIBRARY_VERSION}`,
      opset: 17,
      graph: 'experiment_3',
    })
    expect(nodes).toEqual([
      'rescaling: Mul(input, rescaling/scale) → rescaling:0',
      'conv2d/to_nchw: Transpose(rescaling:0) → conv2d/to_nchw:0',
      'conv2d: Conv(conv2d/to_nchw:0, conv2d/kernel, conv2d/bias) → conv2d:0',
      'conv2d/relu: Relu(conv2d:0) → conv2d/relu:0',
      'max_pooling2d: MaxPool(conv2d/relu:0) → max_pooling2d:0',
      'flatten/to_nhwc: Transpose(max_pooling2d:0) → flatten/to_nhwc:0',
      'flatten: Flatten(flatten/to_nhwc:0) → flatten:0',
      'dense: Gemm(flatten:0, dense/kernel, dense/bias) → dense:0',
      'dense/relu: Relu(dense:0) → dense/relu:0',
      'dense_1: Gemm(dense/relu:0, dense_1/kernel, dense_1/bias) → dense_1:0',
      'dense_1/sigmoid: Sigmoid(dense_1:0) → output',
    ])
    expect(Object.keys(constants)).toEqual(['rescaling/scale', ...model.weightPaths])
  })

  test('has dense kernels as they are, and those of convolutions with their axes as ONNX wants them', () => {
    const model = toyModel()
    const [kernel, bias, dense] = model.getWeights()
    const { constants } = readOnnx(toOnnx(model))
    expect(constants['dense/kernel']).toEqual({ shape: [36, 3], values: dense.data })
    expect(constants['conv2d/bias']).toEqual({ shape: [4], values: bias.data })
    expect(constants['conv2d/kernel'].shape).toEqual([4, 1, 3, 3])
    expect(constants['conv2d/kernel'].values[3 * 9 + 2 * 3 + 1]).toBe(kernel.get(2, 1, 0, 3))
  })

  test('fills its buffer, which some hand to a runtime', () => {
    const bytes = toOnnx(toyModel())
    expect(bytes.buffer.byteLength).toBe(bytes.length)
    expect(readOnnx(new Uint8Array(bytes.buffer)).graph).toBe('sequential')
  })

  test('has any number of rows, none among them', async () => {
    const { model } = exportedModel([new Flatten()], [2, 2])
    for (const rows of [0, 1, 5]) {
      const x = Float32Array.from({ length: rows * 4 }, (_, i) => i)
      expect(await runOnnx(toOnnx(model), x, [rows, 2, 2])).toEqual({ shape: [rows, 4], data: x })
    }
  })
})
