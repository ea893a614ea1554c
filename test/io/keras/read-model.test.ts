import { strToU8 } from 'fflate'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ConvnetError, ModelFileError } from '../../../src/errors.ts'
import { readKerasModel } from '../../../src/io/keras/read-model.ts'
import { random } from '../../../src/tensor/random.ts'
import { changed, type Draft, goldenFile, openHere } from '../../support/keras-models.ts'

const read = (bytes: Uint8Array, options = {}) => readKerasModel(bytes, 'a.keras', openHere, options)
const notebook = 'keras3-notebook.keras'

describe('readKerasModel', () => {
  afterEach(() => vi.restoreAllMocks())

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

  test('refuses weights that are packed to be far larger than the model', async () => {
    const bomb = changed(notebook, () => {}, { 'model.weights.h5': [new Uint8Array(30e6), { level: 9 }] })
    expect(bomb.length).toBeLessThan(100_000)
    await expect(read(bomb)).rejects.toThrow(
      /model\.weights\.h5 has 30000000 bytes, expected at most 41\d{5}$/,
    )
  })

  test.each([notebook, 'keras3-notebook.h5', 'keras2-notebook.h5'])(
    'gives a model or a typed error, whatever bytes of %s are changed',
    async file => {
      // The reader of HDF5 tells of odd attributes there.
      vi.spyOn(console, 'warn').mockReturnValue()
      const original = goldenFile(file)
      const next = random(1, file)
      const below = (n: number) => Math.floor(next() * n)
      let refused = 0
      for (let i = 0; i < 400; i++) {
        const bytes = original.slice(0, next() < 0.1 ? below(original.length) : original.length)
        for (let change = 0; change < 3; change++) {
          // Headers lie before the numbers, mostly: more changes there.
          const at = below(next() < 0.5 ? Math.min(4000, bytes.length) : bytes.length)
          if (next() < 0.5) bytes[at] = below(256)
          else bytes.copyWithin(at, below(bytes.length), below(bytes.length))
        }
        const error = await read(bytes).then(
          () => null,
          (thrown: unknown) => thrown,
        )
        if (error === null) continue
        refused++
        if (!(error instanceof ConvnetError)) throw error
      }
      expect(refused).toBeGreaterThan(100)
      expect(refused).toBeLessThan(400)
    },
  )
})
