import {
  Activation,
  type ActivationName,
  Adam,
  accuracy,
  binaryCrossentropy,
  Conv2D,
  categoricalCrossentropy,
  Dense,
  Dropout,
  Flatten,
  type InitializerName,
  type Layer,
  type Loss,
  loadModel,
  MaxPool2D,
  type Metric,
  ModelFileError,
  meanSquaredError,
  type Optimizer,
  Rescaling,
  Sequential,
  SGD,
  saveModel,
  sparseCategoricalCrossentropy,
  type Tensor,
  tensor,
} from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { PReLU } from '../../../examples/custom-layer.ts'
import { expectSameBits } from '../../support/compare.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const { x, y } = toyData(24)
const oneHot = tensor(
  Float32Array.from({ length: 72 }, (_, i) => Number(i % 3 === y[Math.floor(i / 3)])),
  [24, 3],
)

/** Throws unless two models have the same weights, answers, and next steps, to the bit. */
function expectSame(actual: Sequential, expected: Sequential, target: Tensor | Uint8Array = y): void {
  expect(actual.weightPaths).toEqual(expected.weightPaths)
  for (const [i, weight] of expected.getWeights().entries()) {
    expect(actual.getWeights()[i].shape).toEqual(weight.shape)
    expectSameBits(actual.getWeights()[i].data, weight.data)
  }
  expectSameBits(actual.predict(x).data, expected.predict(x).data)
  if (!expected.compiled) return
  for (let step = 0; step < 3; step++) {
    expect(actual.trainOnBatch(x, target)).toEqual(expected.trainOnBatch(x, target))
  }
  for (const [i, weight] of expected.getWeights().entries()) {
    expectSameBits(actual.getWeights()[i].data, weight.data)
  }
}

describe('loads what was saved', () => {
  test.each<[string, () => Layer[]]>([
    [
      'every option of Conv2D',
      () => [
        new Conv2D({
          filters: 5,
          kernelSize: [2, 3],
          strides: [2, 1],
          padding: 'same',
          activation: 'sigmoid',
          useBias: false,
          kernelInitializer: 'heNormal',
          name: 'first',
        }),
        new Conv2D({ filters: 2, kernelSize: 2 }),
        new Flatten(),
        new Dense({ units: 3, activation: 'softmax' }),
      ],
    ],
    [
      'every option of MaxPool2D, Rescaling and Dropout',
      () => [
        new Rescaling({ scale: 0.5, offset: -0.1 }),
        new MaxPool2D({ poolSize: [3, 2], strides: [2, 1], padding: 'same', name: 'pool' }),
        new Dropout({ rate: 0.3 }),
        new Dropout({ rate: 0.1, seed: 2 ** 40, name: 'seeded' }),
        new Flatten({ name: 'flat' }),
        new Dense({ units: 3, useBias: false, kernelInitializer: 'glorotNormal', activation: 'sigmoid' }),
      ],
    ],
    [
      'every activation and initialiser',
      () => [
        new Flatten(),
        ...(['glorotUniform', 'heUniform', 'zeros', 'ones'] satisfies InitializerName[]).map(
          kernelInitializer => new Dense({ units: 4, kernelInitializer }),
        ),
        ...(['relu', 'linear', 'sigmoid'] satisfies ActivationName[]).map(
          activation => new Activation({ activation }),
        ),
        new Dense({ units: 3 }),
        new Activation({ activation: 'softmax', name: 'last' }),
      ],
    ],
  ])('with %s', async (_, layers) => {
    const model = new Sequential(layers(), { inputShape: [8, 8, 1], name: 'Größe', seed: 7 })
    model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
    for (let step = 0; step < 2; step++) model.trainOnBatch(x, y)
    const loaded = await loadModel(saveModel(model))
    expect(loaded).toMatchObject({ name: 'Größe', seed: 7, inputShape: [8, 8, 1] })
    expect(loaded.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name))
    expect(loaded.layers.map(({ layer }) => layer.config)).toEqual(
      model.layers.map(({ layer }) => layer.config),
    )
    expect(loaded.layers.map(({ layer }) => layer.constructor)).toEqual(
      model.layers.map(({ layer }) => layer.constructor),
    )
    expectSameBits(saveModel(loaded), saveModel(model))
    expectSame(loaded, model)
  })

  test.each<[Loss, Optimizer, Tensor | Uint8Array]>([
    [sparseCategoricalCrossentropy({ fromLogits: true }), new Adam({ learningRate: 0.02, beta1: 0.8 }), y],
    [categoricalCrossentropy(), new Adam({ beta2: 0.9, epsilon: 1e-3 }), oneHot],
    [binaryCrossentropy({ fromLogits: true }), new SGD(), oneHot],
    [meanSquaredError(), new SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true }), oneHot],
  ])('with %#', async (loss, optimizer, target) => {
    const model = toyModel()
    model.compile({ loss, optimizer, metrics: [accuracy()] })
    for (let step = 0; step < 5; step++) model.trainOnBatch(x, target)
    optimizer.learningRate = 0.003
    const loaded = await loadModel(saveModel(model))
    const { compiled } = loaded
    expect(compiled?.loss.config).toEqual(loss.config)
    expect(compiled?.optimizer).toBeInstanceOf(optimizer.constructor)
    expect(compiled?.optimizer.config).toEqual(optimizer.config)
    expect(compiled?.optimizer.learningRate).toBe(0.003)
    expect(compiled?.metrics.map(({ name }) => name)).toEqual(['accuracy'])
    expectSame(loaded, model, target)
  })

  test('without compile settings, and without steps', async () => {
    const layers = () => [new Flatten(), new Dense({ units: 3, kernelInitializer: 'heUniform' })]
    const uncompiled = new Sequential(layers(), { inputShape: [8, 8, 1], seed: 3 })
    const loaded = await loadModel(saveModel(uncompiled))
    expect(loaded.compiled).toBeNull()
    expectSame(loaded, uncompiled)

    const fresh = toyModel()
    expectSame(await loadModel(saveModel(fresh)), fresh)
  })

  test('in the middle of a fit, which goes on from there', async () => {
    const options = { epochs: 3, batchSize: 5, validationSplit: 0.25, verbose: 0 } as const
    const whole = toyModel()
    const { history } = await whole.fit(x, y, options)

    const model = toyModel()
    let bytes: Uint8Array = new Uint8Array()
    const stop = new AbortController()
    const interrupted = model.fit(x, y, {
      ...options,
      signal: stop.signal,
      callbacks: [
        {
          onBatchEnd(batch, _logs, model) {
            if (batch !== 1) return
            bytes = saveModel(model)
            stop.abort()
          },
        },
      ],
    })
    await expect(interrupted).rejects.toThrow('abort')

    const loaded = await loadModel(bytes)
    const resumed = await loaded.fit(x, y, { ...options, resumeFrom: loaded.getTrainingState() })
    expect(resumed.history).toEqual(history)
    for (const [i, { data }] of whole.getWeights().entries())
      expectSameBits(loaded.getWeights()[i].data, data)
  })

  test('with layers whose first weights were drawn by functions', async () => {
    const own = () =>
      new Dense({ units: 3, kernelInitializer: (values, _shape, next) => values.fill(next()) })
    const model = new Sequential([new Flatten(), own()], { inputShape: [8, 8, 1] })
    const loaded = await loadModel(saveModel(model))
    expectSame(loaded, model)
    expect(loaded.layers[1].layer.config.kernelInitializer).toBe('custom')
    expectSameBits(saveModel(loaded), saveModel(model))
  })

  test('whatever the bytes lie in', async () => {
    const model = toyModel()
    const bytes = saveModel(model)
    const odd = new Uint8Array(bytes.length + 5)
    odd.set(bytes, 5)
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    for (const place of [odd.subarray(5), Buffer.from(bytes), shared]) {
      expectSame(await loadModel(place), await loadModel(bytes))
    }
  })
})

describe('parts that are not the library’s own', () => {
  class Scale extends Rescaling {
    // @ts-expect-error: a type of its own
    override readonly type = 'Scale'
  }
  const absolute: Loss = { ...meanSquaredError(), name: 'absolute' }
  class Slow extends SGD {
    // @ts-expect-error: a name of its own
    override readonly name = 'slow'
  }
  const right = { ...accuracy(), name: 'right' }

  function customModel(): Sequential {
    const model = new Sequential(
      [
        new PReLU(),
        new Scale({ scale: 2, name: 'twice' }),
        new PReLU(),
        new Flatten(),
        new Dense({ units: 3 }),
      ],
      { inputShape: [8, 8, 1] },
    )
    model.compile({ loss: absolute, optimizer: new Slow({ momentum: 0.5 }), metrics: [right, 'accuracy'] })
    model.trainOnBatch(x, oneHot)
    return model
  }

  const slow = (config: { learningRate: number; momentum: number }) => new Slow(config)

  test('are made by classes and functions, of their configs, or taken as they are', async () => {
    const model = customModel()
    const loaded = await loadModel(saveModel(model), { custom: { PReLU, Scale, absolute, slow, right } })
    expect(loaded.layers.map(({ name }) => name)).toEqual([
      'p_re_lu',
      'twice',
      'p_re_lu_1',
      'flatten',
      'dense',
    ])
    expect(loaded.layers.slice(0, 2).map(({ layer }) => layer.constructor)).toEqual([PReLU, Scale])
    expect(loaded.layers[1].layer.config).toEqual({ scale: 2, offset: 0 })
    expect(loaded.compiled).toMatchObject({ loss: absolute, metrics: [right, { name: 'accuracy' }] })
    expect(loaded.compiled?.optimizer).toBeInstanceOf(Slow)
    expectSame(loaded, model, oneHot)
  })

  test('are named where they are missing, all of them', async () => {
    const error = await loadModel(saveModel(customModel())).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ModelFileError)
    const missing = (what: string, name: string) =>
      `${what} is "${name}", which is none of the library's own: give what makes it, loadModel(file, { custom: { ${name}: … } })`
    expect((error as ModelFileError).problems).toEqual([
      missing('layer p_re_lu', 'PReLU'),
      missing('layer twice', 'Scale'),
      missing('layer p_re_lu_1', 'PReLU'),
      missing('the loss', 'absolute'),
      missing('a metric', 'right'),
      missing('the optimiser', 'slow'),
    ])
  })

  test('are refused where they are something else', async () => {
    class Fails {
      constructor() {
        throw new Error('it fails')
      }
    }
    const custom = { PReLU: Dropout, Scale: Fails, absolute: right, slow, right: null, toString: 1 }
    const error = await loadModel(saveModel(customModel()), { custom: custom as never }).catch(
      thrown => thrown,
    )
    expect(error.problems).toEqual([
      'layer p_re_lu cannot be made again: Dropout: rate is undefined, expected a number of at least 0 and less than 1',
      'layer twice cannot be made again: it fails',
      'layer p_re_lu_1 cannot be made again: Dropout: rate is undefined, expected a number of at least 0 and less than 1',
      'the loss: custom.absolute gives an object (Object), expected a Loss of this name',
      'a metric: custom.right gives null, expected a Metric of this name',
    ])
    const layer = await loadModel(saveModel(customModel()), {
      custom: { PReLU: () => new Flatten(), Scale, absolute, slow, right },
    }).catch(thrown => thrown)
    expect(layer.problems[0]).toBe(
      'layer p_re_lu: custom.PReLU gives an object (Flatten), expected a Layer of this type',
    )
  })

  test('are given the config of a metric too, where it has one', async () => {
    const within = ({ distance }: { distance: number }): Metric => ({
      name: 'within',
      config: { distance },
      row: (size, row, output, target) =>
        Number(Math.abs(output[row * size] - target[row * size]) < distance),
    })
    const model = toyModel()
    model.compile({ loss: 'meanSquaredError', metrics: [within({ distance: 0.25 }), right] })
    const loaded = await loadModel(saveModel(model), { custom: { within, right } })
    expect(loaded.compiled?.metrics.map(({ name, config }) => [name, config])).toEqual([
      ['within', { distance: 0.25 }],
      ['right', undefined],
    ])
    expect(loaded.evaluate(x, oneHot)).toEqual(model.evaluate(x, oneHot))
  })

  test('must hand on the name that they were given', async () => {
    const nameless = (config: { scale: number; name: string }) => new Scale({ scale: config.scale })
    const custom = { PReLU, Scale: nameless, absolute, slow, right }
    await expect(loadModel(saveModel(customModel()), { custom })).rejects.toThrow(
      'layer twice comes back with the name scale: its class must take the name that its config has',
    )
  })

  test('are not mistaken for the library’s own of the same name', async () => {
    class Conv2D extends Flatten {}
    const conv = new Sequential([new Conv2D()], { inputShape: [2] })
    await expect(loadModel(saveModel(conv))).rejects.toThrow('layer flatten is "Flatten", which is none of')
    const model = toyModel()
    model.compile({
      loss: { ...meanSquaredError(), row: () => 0 },
      optimizer: new (class extends Adam {})(),
      metrics: [{ ...accuracy(), row: () => 0 }],
    })
    const error = await loadModel(saveModel(model)).catch(thrown => thrown)
    expect(error.problems).toHaveLength(3)
  })
})

test('refuses weights that are not finite, unless they are wanted', async () => {
  const model = toyModel()
  const weights = model.getWeights()
  weights[2].data[5] = Number.NaN
  model.setWeights(weights)
  expect(() => saveModel(model)).toThrow(
    'saveModel: dense/kernel has NaN at element 5, expected finite numbers',
  )
  const bytes = saveModel(model, { allowNonFinite: true })
  await expect(loadModel(bytes)).rejects.toMatchObject({
    name: 'NonFiniteWeightError',
    weights: [{ weight: 'dense/kernel', count: 1, index: 5, value: Number.NaN }],
    message: expect.stringMatching(/^loadModel: dense\/kernel has NaN at element 5/),
  })
  const loaded = await loadModel(bytes, { allowNonFinite: true })
  expectSameBits(loaded.getWeights()[2].data, weights[2].data)
})

test.each([
  [42, {}, 'loadModel: source is 42, expected a path, or the bytes of a file as a Uint8Array'],
  [new Uint8Array(), { customs: {} }, 'loadModel: customs is'],
  [new Uint8Array(), { custom: null }, 'loadModel: custom is null, expected classes and functions by name'],
  [new Uint8Array(), { allowNonFinite: 1 }, 'loadModel: allowNonFinite is 1, expected true or false'],
])('refuses bad options: %#', async (source, options, message) => {
  await expect(loadModel(source as never, options as never)).rejects.toThrow(message)
})
