import { Flatten, loadModel, ModelFileError, Sequential, saveModel } from 'convnet-ts'
import { beforeAll, describe, expect, test } from 'vitest'
import type { StoredTensor } from '../../../src/io/safetensors/read-safetensors.ts'
import { withDocument, withTensors, withValue } from '../../support/model-files.ts'
import { safetensorsBytes } from '../../support/safetensors-files.ts'
import { toyData, toyModel } from '../../support/toy.ts'

/** A model in the middle of a fit, with all that a file can have. */
let good: Uint8Array

beforeAll(async () => {
  const { x, y } = toyData(12)
  const model = toyModel()
  await model.fit(x, y, {
    verbose: 0,
    batchSize: 5,
    validationSplit: 0.2,
    callbacks: [
      {
        onBatchEnd(batch, _logs, model) {
          if (batch === 1) good = saveModel(model)
        },
      },
    ],
  })
})

async function problemsOf(bytes: Uint8Array): Promise<readonly string[]> {
  const error = await loadModel(bytes).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ModelFileError)
  return (error as ModelFileError).problems
}

test('the file is good', async () => {
  expect((await loadModel(good)).getTrainingState().fit?.batch).toBe(2)
})

test('refuses a safetensors file without a model', async () => {
  expect(
    await problemsOf(safetensorsBytes({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 4)),
  ).toEqual(['is a safetensors file without a model: its metadata has no convnet-ts, as saveModel writes it'])
})

describe('refuses a document', () => {
  test.each([
    ['', /^its model is no JSON text \(/],
    ['{"format":1', /^its model is no JSON text \(/],
    ['{"format":1,"format":1}', 'its model is no JSON text (the key "format" stands twice in one object)'],
    ['[]', 'the format of its model is undefined, expected a whole number from 1 to 1'],
    ['null', 'the format of its model is undefined, expected a whole number from 1 to 1'],
    ['{"format":"1"}', 'the format of its model is "1", expected a whole number from 1 to 1'],
    ['{"format":0}', 'the format of its model is 0, expected a whole number from 1 to 1'],
    ['{"format":1.5}', 'the format of its model is 1.5, expected a whole number from 1 to 1'],
    [
      '{"format":2,"library":"3.1.4","news":[]}',
      'was written by convnet-ts "3.1.4" in format 2; this is convnet-ts 0.1.0, which reads formats up to 1: a newer one is needed',
    ],
  ])('%j', async (document, problem) => {
    expect(await problemsOf(withDocument(good, document))).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ])
  })

  test('without anything', async () => {
    expect(await problemsOf(withDocument(good, '{"format":1,"more":2}'))).toEqual([
      'convnet-ts.library is undefined, expected a text',
      'convnet-ts.model is undefined, expected an object',
      'convnet-ts.compiled is undefined, expected an object',
      'convnet-ts.optimizer is undefined, expected an object',
      'convnet-ts.fit is undefined, expected an object',
      'convnet-ts.more is not expected',
    ])
  })
})

describe('refuses in a document', () => {
  const dense = 'model.layers.3.config'
  test.each<[string, unknown, string]>([
    ['model.name', 5, 'convnet-ts.model.name is 5, expected a text'],
    ['model.seed', -1, 'convnet-ts.model.seed is -1, expected a whole number of at least 0'],
    [
      'model.inputShape',
      [8, 8.5, 1],
      'convnet-ts.model.inputShape[1] is 8.5, expected a whole number of at least 0',
    ],
    [
      'model.inputShape',
      [],
      'the model: inputShape is [], expected the shape of one row, such as [28, 28, 1]',
    ],
    [
      'model.inputShape',
      [8, 0, 1],
      'the model: inputShape is [8, 0, 1], expected the shape of one row, such as [28, 28, 1]',
    ],
    [
      'model.inputShape',
      [8, 8],
      'layer conv2d: expected rows of shape (height, width, channels), got (8, 8): reshape x to [rows, height, width, channels]; grey images have 1 channel',
    ],
    ['model.inputShape', null, 'convnet-ts.model.inputShape is null, expected a list'],
    ['model.layers', {}, 'convnet-ts.model.layers is an object (Object), expected a list'],
    ['model.layers.0', 'Conv2D', 'convnet-ts.model.layers[0] is "Conv2D", expected an object'],
    ['model.layers.0.config', [], 'convnet-ts.model.layers[0].config is [], expected an object'],
    [
      'model.layers.0.type',
      'constructor',
      'layer conv2d is "constructor", which is none of the library\'s own: give what makes it, loadModel(file, { custom: { constructor: … } })',
    ],
    [
      'model.layers.0.type',
      'Conv2DReluMaxPool2D',
      'layer conv2d is "Conv2DReluMaxPool2D", which is none of the library\'s own: give what makes it, loadModel(file, { custom: { Conv2DReluMaxPool2D: … } })',
    ],
    ['model.layers.0.name', 'a/b', 'Conv2D: name is "a/b", expected a name without slashes'],
    [
      'model.layers.0.name',
      '\ud83d',
      'Conv2D: name is "\\ud83d", expected a name without slashes, of whole characters',
    ],
    ['model.layers.0.name', 'dense', 'Dense: name is "dense", expected a name that no other layer has'],
    [
      `${dense}.units`,
      '3',
      'layer dense cannot be made again: Dense: units is "3", expected a whole number of at least 1',
    ],
    [
      `${dense}.units`,
      undefined,
      'layer dense cannot be made again: Dense: units is undefined, expected a whole number of at least 1',
    ],
    [
      `${dense}.activation`,
      '__proto__',
      'layer dense cannot be made again: Dense: activation is "__proto__", expected one of "relu", "sigmoid", "softmax", "linear"',
    ],
    [
      `${dense}.unit`,
      3,
      'layer dense cannot be made again: Dense: unit is 3, expected no option of this name (options: units, activation, useBias, kernelInitializer, name)',
    ],
    [`${dense}.__proto__`, { units: 9 }, 'the key "__proto__" is not expected'],
    [`${dense}.$units`, 9, 'the key "$units" is not expected'],
    [
      `${dense}.units`,
      { $number: 'NaN' },
      'layer dense cannot be made again: Dense: units is NaN, expected a whole number of at least 1',
    ],
    [`${dense}.units`, { $array: 'units' }, 'tensor "units" is missing, expected an array of numbers'],
    [
      'compiled.loss.name',
      '__proto__',
      'the loss is "__proto__", which is none of the library\'s own: give what makes it, loadModel(file, { custom: { __proto__: … } })',
    ],
    [
      'compiled.loss.config',
      { fromLogits: 1 },
      'the loss cannot be made again: sparseCategoricalCrossentropy: fromLogits is 1, expected true or false',
    ],
    [
      'compiled.optimizer.config',
      { beta1: 1 },
      'the optimiser cannot be made again: Adam: beta1 is 1, expected a number of at least 0 and less than 1',
    ],
    [
      'compiled.metrics.0.config',
      { threshold: 0.5 },
      'a metric cannot be made again: accuracy: threshold is 0.5, expected no option of this name',
    ],
    [
      'compiled.metrics.1',
      { name: 'acc', config: {}, custom: false },
      'compile: metrics is ["accuracy", "accuracy"], expected distinct names',
    ],
    ['compiled', null, 'the numbers of an optimiser, or of a fit, go with a model that is compiled'],
    ['optimizer', null, 'the numbers of an optimiser, or of a fit, go with a model that is compiled'],
    ['optimizer.slots', ['m'], 'tensor "optimizer/v/conv2d/kernel" is not expected'],
    ['optimizer.slots', Array(17).fill('m'), 'convnet-ts.optimizer.slots has 17 items, expected 16 at most'],
    ['optimizer.scalars', {}, 'optimizer: beta1Power was not there, and is now'],
    ['optimizer.learningRate', -1, 'Adam: learningRate is -1, expected a finite number of at least 0'],
    ['optimizer.steps', 1e300, 'convnet-ts.optimizer.steps is 1e+300, expected a whole number of at least 0'],
    [
      'fit.turn',
      'onTrainEnd',
      'convnet-ts.fit.turn is "onTrainEnd", expected one of "onEpochBegin", "onBatchBegin", "onBatchEnd", "onTestBegin", "onTestEnd", "onEpochEnd"',
    ],
    ['fit.sums', [1, 2], 'convnet-ts.fit.sums is [1, 2], expected an array of float64'],
    [
      'fit.sums',
      { $array: 'dense/bias' },
      'convnet-ts.fit.sums is a Float32Array of 12 bytes, expected an array of float64',
    ],
    ['fit.callbacks.0', null, 'convnet-ts.fit.callbacks[0] is null, expected an object'],
    [
      'fit.settings.data.rows',
      1.5,
      'convnet-ts.fit.settings.data.rows is 1.5, expected a whole number of at least 1',
    ],
  ])('%s: %j', async (path, value, problem) => {
    expect((await problemsOf(withValue(good, path, value)))[0]).toContain(problem)
  })

  test('a name that is no object’s own, without touching any prototype', async () => {
    await problemsOf(withValue(good, 'model.__proto__', { polluted: true }))
    expect('polluted' in {}).toBe(false)
  })

  test('no layers', async () => {
    const bytes = saveModel(new Sequential([new Flatten()], { inputShape: [2] }))
    expect(await problemsOf(withValue(bytes, 'model.layers', []))).toEqual([
      'build: the model has no layers: add some',
    ])
  })
})

describe('compares tensors with the architecture', () => {
  const f16: StoredTensor = { dtype: 'F16', shape: [36, 3], bytes: new Uint8Array(216) }

  test('and lists all differences', async () => {
    const bytes = withTensors(good, tensors => {
      tensors.delete('dense/bias')
      tensors.delete('optimizer/v/dense/kernel')
      tensors.set('dense/kernel', f16)
      tensors.set('conv2d/kernel', { ...tensors.get('conv2d/kernel')!, shape: [4, 1, 3, 3] })
      tensors.set('__proto__', { dtype: 'U8', shape: [1], bytes: new Uint8Array(1) })
      tensors.set('dense/scale', { ...f16, dtype: 'BF16' })
    })
    expect(await problemsOf(bytes)).toEqual([
      'tensor "conv2d/kernel" is F32 of (4, 1, 3, 3), expected F32 of (3, 3, 1, 4)',
      'tensor "dense/kernel" is F16 of (36, 3), expected F32 of (36, 3)',
      'tensor "dense/bias" is missing, expected F32 of (3,)',
      'tensor "optimizer/v/dense/kernel" is missing, expected F32 of (36, 3)',
      'tensor "__proto__" is not expected',
      'tensor "dense/scale" is not expected',
    ])
  })

  test.each([
    ['model.layers.3.config.units', 1e8, 'expected F32 of (36, 100000000)'],
    [
      'model.layers.3.config.units',
      1e9,
      'layer dense: its kernel, of shape (36, 1000000000), would have 36000000000 elements, 4294967296 can be',
    ],
    [
      'model.layers.3.config.units',
      2 ** 40,
      'layer dense: a row of its output, of shape (1099511627776,), would have 1099511627776 elements',
    ],
    ['model.layers.0.config.filters', 1e8, 'expected F32 of (3, 3, 1, 100000000)'],
    [
      'model.layers.0.config.filters',
      2 ** 53 - 1,
      'layer conv2d: a row of its output, of shape (6, 6, 9007199254740991), would have 324',
    ],
    ['model.inputShape', [8, 8, 1e7], 'expected F32 of (3, 3, 10000000, 4)'],
    [
      'model.inputShape',
      [2 ** 50, 2 ** 50, 1],
      'inputShape is [1125899906842624, 1125899906842624, 1], expected a row of at most 4294967296 elements',
    ],
    [
      'model.layers.0.config.kernelSize',
      [1, 1e9],
      'a window of 1×1000000000 does not fit on an image of 8×8',
    ],
  ])('without memory for %s: %j', async (path, value, problem) => {
    const before = process.memoryUsage().arrayBuffers
    expect((await problemsOf(withValue(good, path, value))).join()).toContain(problem)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6)
  })

  test('makes no array for activations, however large they would be', async () => {
    const model = new Sequential([new Flatten()], { inputShape: [8] })
    model.compile({ loss: 'meanSquaredError' })
    const bytes = withValue(saveModel(model), 'model.inputShape', [2 ** 16, 2 ** 16])
    expect((await loadModel(bytes)).outputShape).toEqual([2 ** 32])
  })
})

test('takes up to ten thousand layers', async () => {
  const bytes = saveModel(new Sequential([new Flatten()], { inputShape: [2] }))
  const layers = (length: number) =>
    Array.from({ length }, (_, i) => ({ type: 'Flatten', name: `f${i}`, config: {}, custom: false }))
  expect((await loadModel(withValue(bytes, 'model.layers', layers(10_000)))).layers).toHaveLength(10_000)
  expect(await problemsOf(withValue(bytes, 'model.layers', layers(10_001)))).toEqual([
    'convnet-ts.model.layers has 10001 items, expected 10000 at most',
  ])
})
