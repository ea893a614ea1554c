import { readFileSync } from 'node:fs'
import {
  Dense,
  type Layer,
  loadModel,
  ModelFileError,
  OptionError,
  Rescaling,
  Sequential,
  SGD,
  StateError,
  saveModel,
} from 'convnet-ts'
import { expect, test } from 'vitest'
import { LIBRARY_VERSION } from '../../../src/io/model-file/format.ts'
import { readSafetensors } from '../../../src/io/safetensors/read-safetensors.ts'
import { documentOf } from '../../support/model-files.ts'

function tiny(): Sequential {
  const model = new Sequential([new Dense({ units: 2, name: 'head' })], {
    inputShape: [3],
    name: 'tiny',
    seed: 4,
  })
  model.compile({ loss: 'meanSquaredError', optimizer: new SGD({ momentum: 0.9 }), metrics: ['accuracy'] })
  return model
}

test('writes weights and slots under the paths that the papers give, and the rest as one text', () => {
  const model = tiny()
  model.trainOnBatch(new Float32Array(3), Float32Array.of(1, 0))
  const bytes = saveModel(model)
  expect(
    [...readSafetensors(bytes, 'a').tensors].map(([name, { dtype, shape }]) => [name, dtype, shape]),
  ).toEqual([
    ['head/kernel', 'F32', [3, 2]],
    ['head/bias', 'F32', [2]],
    ['optimizer/velocity/head/kernel', 'F32', [3, 2]],
    ['optimizer/velocity/head/bias', 'F32', [2]],
  ])
  expect(JSON.parse(documentOf(bytes))).toEqual({
    format: 1,
    library: LIBRARY_VERSION,
    model: {
      name: 'tiny',
      seed: 4,
      inputShape: [3],
      layers: [
        {
          type: 'Dense',
          name: 'head',
          config: { units: 2, activation: 'linear', useBias: true, kernelInitializer: 'glorotUniform' },
          custom: false,
        },
      ],
    },
    compiled: {
      loss: { name: 'meanSquaredError', config: {}, custom: false },
      metrics: [{ name: 'accuracy', config: {}, custom: false }],
      optimizer: {
        name: 'sgd',
        config: { learningRate: 0.01, momentum: 0.9, nesterov: false },
        custom: false,
      },
    },
    optimizer: { learningRate: 0.01, steps: 1, scalars: {}, slots: ['velocity'] },
    fit: null,
  })
})

test('says which version of the library has written', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  expect(LIBRARY_VERSION).toBe(version)
})

test('does not change the model', () => {
  const model = tiny()
  const [before, after] = [saveModel(model), saveModel(model)]
  expect(after).toEqual(before)
})

class Odd extends Rescaling {
  // @ts-expect-error: whatever a user's layer may have for a config
  override readonly config: unknown
  constructor(config: unknown) {
    super({ scale: 1 })
    this.config = config
  }
}

const withConfig = (config: unknown) =>
  new Sequential([new Odd(config) as unknown as Layer], { inputShape: [3] })

test('keeps numbers in configs that JSON cannot say', async () => {
  const seen: unknown[] = []
  const custom = {
    Rescaling: (config: object) => {
      seen.push(config)
      return new Rescaling({ scale: 1 })
    },
  }
  const config = { a: Number.NaN, b: [-0, Number.NEGATIVE_INFINITY], c: Int32Array.of(7) }
  await loadModel(saveModel(withConfig(config)), { custom })
  expect(seen).toEqual([config])
})

test('refuses configs that no file can hold', () => {
  expect(() => saveModel(withConfig({ '\ud83d': Int32Array.of(7) }))).toThrow(
    'expected names of whole characters',
  )
  expect(() => saveModel(withConfig({ f: Math.max }))).toThrow(OptionError)
  expect(() => saveModel(withConfig({ f: Math.max }))).toThrow(
    'saveModel: model/layers/0/config/f is the function max, expected plain data: JSON, numbers, typed arrays',
  )
  expect(() => saveModel(withConfig(undefined))).toThrow(ModelFileError)
  expect(() => saveModel(withConfig(undefined))).toThrow(
    'saveModel: convnet-ts.model.layers[0].config is undefined, expected an object',
  )
})

test('refuses models without weights, saying what gives them some', () => {
  const compiled = new Sequential([new Dense({ units: 2 })])
  compiled.compile({ loss: 'meanSquaredError' })
  for (const model of [new Sequential([new Dense({ units: 2 })]), compiled]) {
    expect(() => saveModel(model)).toThrow(StateError)
    expect(() => saveModel(model)).toThrow(
      'saveModel: the model does not know its input shape; give it inputShape, or call build or fit first',
    )
    model.build([3])
    expect(saveModel(model)).toBeInstanceOf(Uint8Array)
  }
  expect(() => saveModel(new Sequential([], { inputShape: [3] }))).toThrow(
    'saveModel: the model has no layers: add some',
  )
  expect(() => saveModel({} as never)).toThrow(
    'saveModel: model is an object (Object), expected a Sequential',
  )
})

test('lists all weights that are not finite', () => {
  const model = tiny()
  const weights = model.getWeights()
  weights[0].data.set([1, Number.NaN, 2, Number.NEGATIVE_INFINITY])
  weights[1].data[1] = Number.POSITIVE_INFINITY
  model.setWeights(weights)
  expect(() => saveModel(model)).toThrow(
    'saveModel:\n- head/kernel has NaN at element 1, the first of 2 such numbers\n- head/bias has Infinity at element 1\n',
  )
})

test('refuses weights that would have one name in the file', () => {
  const weight = { shape: [1], initializer: () => {} }
  const colliding: Layer = {
    type: 'Colliding',
    name: 'optimizer',
    config: {},
    outputShape: shape => shape,
    needs: () => ({ parameters: { 'velocity/head/bias': weight } }),
    bind: () => ({ forward() {}, backward() {} }),
  }
  const model = new Sequential([colliding, new Dense({ units: 2, name: 'head' })], { inputShape: [3] })
  model.compile({ loss: 'meanSquaredError', optimizer: new SGD({ momentum: 0.9 }) })
  expect(() => saveModel(model)).not.toThrow()
  model.trainOnBatch(new Float32Array(3), Float32Array.of(1, 0))
  expect(() => saveModel(model)).toThrow(
    'tensors is "optimizer/velocity/head/bias", expected names of their own',
  )
})

test.each([
  [{ allowNonfinite: true }, 'saveModel: allowNonfinite is true, expected the option allowNonFinite'],
  [{ allowNonFinite: 1 }, 'allowNonFinite is 1, expected true or false'],
])('refuses bad options: %j', (options, message) => {
  expect(() => saveModel(tiny(), options as object)).toThrow(message)
})
