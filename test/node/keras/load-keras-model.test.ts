import { beforeEach, describe, expect, test, vi } from 'vitest'
import {
  DataError,
  ModelFileError,
  NonFiniteWeightError,
  OptionError,
  StateError,
} from '../../../src/errors.ts'
import { Conv2D } from '../../../src/layers/conv2d.ts'
import { Dense } from '../../../src/layers/dense.ts'
import { Flatten } from '../../../src/layers/flatten.ts'
import { MaxPool2D } from '../../../src/layers/max-pool2d.ts'
import { Sequential } from '../../../src/model/sequential.ts'
import { loadKerasModel, loadKerasWeights } from '../../../src/node/keras/load-keras-model.ts'
import { openHdf5 } from '../../../src/node/keras/open-hdf5.ts'
import { expectClose } from '../../support/compare.ts'
import {
  changed,
  goldenFile,
  goldenInput,
  goldenModels,
  goldenPath,
  openHere,
} from '../../support/keras-models.ts'

vi.mock(import('../../../src/node/keras/open-hdf5.ts'), { spy: true })
// Each file takes a process otherwise.
beforeEach(() => {
  vi.mocked(openHdf5).mockImplementation(openHere)
})

const NEAR = { rtol: 0, atol: 2e-6 }

/** Throws unless a model predicts what Keras does. */
function expectAsKeras(model: Sequential, name: string): void {
  expectClose(model.predict(goldenInput()).data, goldenModels[name].predictions.flat(), NEAR, name)
}

/** A model for the weights of the notebook's model, under names of its own. */
const notebook = (units = 5) =>
  new Sequential(
    [
      new Conv2D({ filters: 3, kernelSize: 3, activation: 'relu', name: 'mine' }),
      new MaxPool2D(),
      new Flatten(),
      new Dense({ units, activation: 'relu' }),
      new Dense({ units: 4, activation: 'sigmoid' }),
    ],
    { inputShape: [7, 6, 2] },
  )

describe('loadKerasModel', () => {
  test.each([
    ['keras3-notebook', '.keras'],
    ['keras3-notebook', '.h5'],
    ['keras2-notebook', '.h5'],
    ['keras3-layers', '.keras'],
  ])('loads %s%s, which predicts what it does in Keras', async (name, suffix) => {
    vi.mocked(openHdf5).mockReset()
    const model = await loadKerasModel(goldenPath(name + suffix))
    expect(model.layers.map(({ name }) => name)).toEqual(goldenModels[name].layers)
    expect(model.inputShape).toEqual([7, 6, 2])
    expectAsKeras(model, name)
  })

  test('takes bytes, those of a larger buffer too', async () => {
    const bytes = goldenFile('keras2-notebook.h5')
    const larger = new Uint8Array(bytes.length + 99).fill(7)
    larger.set(bytes, 33)
    expectAsKeras(await loadKerasModel(larger.subarray(33, 33 + bytes.length)), 'keras2-notebook')
  })

  test('compiles the model as it was', async () => {
    for (const file of ['keras3-notebook.keras', 'keras3-notebook.h5', 'keras2-notebook.h5']) {
      const { compiled } = await loadKerasModel(goldenPath(file))
      expect(compiled!.loss).toMatchObject({
        name: 'sparseCategoricalCrossentropy',
        config: { fromLogits: false },
      })
      expect(compiled!.optimizer.name).toBe('adam')
      expect(compiled!.optimizer.config).toEqual({
        learningRate: 0.001,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
      })
      expect(compiled!.metrics.map(({ name }) => name)).toEqual(['accuracy'])
    }
    const { compiled } = await loadKerasModel(goldenPath('keras3-layers.keras'))
    expect(compiled!.optimizer.config).toEqual({ learningRate: 0.1, momentum: 0.9, nesterov: true })
  })

  test('leaves it uncompiled on request, whatever it was compiled with', async () => {
    const file = changed('keras3-notebook.keras', config => {
      config.compile_config.optimizer.class_name = 'RMSprop'
      config.config.layers[1].config.kernel_regularizer = { class_name: 'L2', config: { l2: 0.01 } }
    })
    const model = await loadKerasModel(file, { compile: false })
    expect(model.compiled).toBeNull()
    expectAsKeras(model, 'keras3-notebook')
    await expect(loadKerasModel(file)).rejects.toThrow(
      'loadKerasModel: layer conv2d: kernel_regularizer is {"class_name":"L2","config":{"l2":0.01}}, ' +
        'which is not supported here, expected null; compile: false loads the model without it',
    )
  })

  test('says what a file of weights alone is for', async () => {
    await expect(loadKerasModel(goldenPath('keras2-notebook.weights.h5'))).rejects.toThrow(
      'loadKerasWeights(model',
    )
    const weights = goldenPath('keras3-notebook.weights.h5')
    const error = await loadKerasModel(weights).catch(thrown => thrown)
    expect(error).toBeInstanceOf(ModelFileError)
    expect(error.file).toBe(weights)
  })

  test('refuses options and sources that it does not know', async () => {
    const file = goldenPath('keras3-notebook.keras')
    await expect(loadKerasModel(3 as never)).rejects.toThrow(OptionError)
    await expect(loadKerasModel(file, { optimizer: 'adam' } as never)).rejects.toThrow(OptionError)
    await expect(loadKerasModel(file, { compile: 1 } as never)).rejects.toThrow(
      'compile is 1, expected true or false',
    )
    await expect(loadKerasModel(file, { inputShape: [0] })).rejects.toThrow('inputShape is [0]')
    await expect(loadKerasModel('no such.keras')).rejects.toThrow(DataError)
    vi.mocked(openHdf5).mockReset()
    await expect(loadKerasModel(new Uint8Array(1000))).rejects.toThrow(
      'neither a zip archive nor an HDF5 file',
    )
  })

  test('refuses weights that are not finite, unless they are allowed', async () => {
    const bytes = goldenFile('keras2-notebook.h5')
    const view = new DataView(bytes.buffer)
    const { data } = (await loadKerasModel(bytes)).getWeights().at(-1)!
    const at = bytes.findIndex((_, i) => i + 4 <= bytes.length && view.getFloat32(i, true) === data[2])
    view.setFloat32(at, Number.NaN, true)
    await expect(loadKerasModel(bytes)).rejects.toThrow(NonFiniteWeightError)
    await expect(loadKerasModel(bytes)).rejects.toThrow('dense_2/bias has NaN at element 2')
    const ruined = await loadKerasModel(bytes, { allowNonFinite: true })
    expect(ruined.getWeights().at(-1)!.data[2]).toBeNaN()
  })
})

describe('loadKerasWeights', () => {
  test.each([
    ['keras3-notebook', '.weights.h5'],
    ['keras3-notebook', '.h5'],
    ['keras3-notebook', '.keras'],
    ['keras2-notebook', '.weights.h5'],
    ['keras2-notebook', '.h5'],
  ])('gives a model those of %s%s, by order and not by name', async (name, suffix) => {
    const model = notebook()
    await loadKerasWeights(model, goldenPath(name + suffix))
    expectAsKeras(model, name)
    expect(model.layers[0].name).toBe('mine')
  })

  test.each(['keras3-notebook.weights.h5', 'keras2-notebook.weights.h5'])(
    'names all weights of %s that differ, and changes nothing',
    async file => {
      const model = notebook(6)
      const before = model.getWeights()
      const error = await loadKerasWeights(model, goldenPath(file)).catch(thrown => thrown)
      expect(error).toBeInstanceOf(ModelFileError)
      expect(error.problems).toHaveLength(3)
      expect(error.problems[0]).toMatch(
        / is float32 of \(12, 5\), expected float32 of \(12, 6\) for dense\/kernel$/,
      )
      expect(error.problems[2]).toMatch(
        / is float32 of \(5, 4\), expected float32 of \(6, 4\) for dense_1\/kernel$/,
      )
      for (const [i, { data }] of model.getWeights().entries()) expect(data).toEqual(before[i].data)
    },
  )

  test('asks for a model that knows its input shape', async () => {
    const unbuilt = new Sequential([new Flatten(), new Dense({ units: 3 })])
    await expect(loadKerasWeights(unbuilt, goldenPath('keras3-notebook.h5'))).rejects.toThrow(StateError)
  })
})
