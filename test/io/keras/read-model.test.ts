import { strToU8 } from 'fflate'
import { describe, expect, test } from 'vitest'
import { ModelFileError } from '../../../src/errors.ts'
import { readKerasModel } from '../../../src/io/keras/read-model.ts'
import { tensor } from '../../../src/tensor/tensor.ts'
import { expectClose } from '../../support/compare.ts'
import {
  changed,
  type Draft,
  goldenFile,
  goldenInput,
  goldenModels,
  openHere,
} from '../../support/keras-models.ts'

const read = (bytes: Uint8Array, options = {}) => readKerasModel(bytes, 'a.keras', openHere, options)
const notebook = 'keras3-notebook.keras'

describe('readKerasModel', () => {
  test.each<[string, (config: Draft) => void, string]>([
    ['another class', config => (config.class_name = 'Functional'), 'a model of class "Functional"'],
    [
      'more units',
      config => (config.config.layers[5].config.units = 6),
      'expected float32 of (12, 6) for dense/kernel',
    ],
    ['one layer less', config => config.config.layers.pop(), 'layers/dense_1/vars/0 is not expected'],
    [
      'more weights than memory',
      config => (config.config.layers[5].config.units = 1e8),
      'expected float32 of (12, 100000000)',
    ],
    [
      'more outputs than any memory',
      config => (config.config.layers[5].config.units = 1e12),
      'layer dense: a row of its output, of shape (1000000000000,), would have 1000000000000 elements',
    ],
    [
      'another input',
      config => (config.config.layers[0].config.batch_shape = [null, 2, 2, 2]),
      'a window of 3×3 does not fit',
    ],
  ])('refuses a config with %s', async (_what, change, message) => {
    await expect(read(changed(notebook, change))).rejects.toThrow(ModelFileError)
    await expect(read(changed(notebook, change))).rejects.toThrow(message)
  })

  test.each<[string, string, string]>([
    ['no JSON', '{"class_name": ', 'its config.json is no JSON text'],
    ['a key twice', '{"class_name": "Sequential", "class_name": "Model"}', 'stands twice in one object'],
    ['brackets in brackets', '['.repeat(1e5) + ']'.repeat(1e5), 'nested more than 100 deep'],
    ['nothing', '', 'its config.json is no JSON text'],
    ['too much', `"${'a'.repeat(5e6)}"`, 'config.json has 5000002 bytes, expected at most 4194304'],
  ])('refuses a config that is %s', async (_what, text, message) => {
    const file = changed(notebook, () => {}, { 'config.json': strToU8(text) })
    await expect(read(file)).rejects.toThrow(ModelFileError)
    await expect(read(file)).rejects.toThrow(message)
  })

  test('takes no prototype from a config', async () => {
    const file = changed(notebook, config => {
      config.config.layers[6].config = JSON.parse(
        JSON.stringify(config.config.layers[6].config).replace(/^\{/, '{"__proto__":{"polluted":1},'),
      )
    })
    await expect(read(file)).rejects.toThrow(
      'layer dense_1: __proto__ is {"polluted":1}, and is not known here',
    )
    expect(({} as Draft).polluted).toBeUndefined()
  })

  test('leaves a model uncompiled that Keras has not compiled', async () => {
    const model = await read(goldenFile('keras3-tiny.keras'))
    expect(model.compiled).toBeNull()
    expectClose(
      model.predict(tensor(goldenInput().data.slice(0, 8), [4, 2])).data,
      goldenModels['keras3-tiny'].predictions.flat(),
      { rtol: 0, atol: 1e-6 },
      'predictions',
    )
  })

  test.each([
    // Of 146 numbers.
    ['the model', 5e6, 0, 'expected at most 4197224'],
    ['the archive', 2e6, 9, 'expected at most %'],
  ] as const)('refuses weights that are far larger than %s', async (_what, length, level, message) => {
    const file = changed(notebook, () => {}, { 'model.weights.h5': [new Uint8Array(length), { level }] })
    const expected = message.replace('%', String(100 * file.length))
    await expect(read(file)).rejects.toThrow(`model.weights.h5 has ${length} bytes, ${expected}`)
  })
})
