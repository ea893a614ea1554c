import { readFileSync } from 'node:fs'
import { type Config, flat, loadModel, setBackend } from 'convnet-ts'
import { expect, test } from 'vitest'
import { arrayFrom } from '../../../src/io/safetensors/format.ts'
import { readSafetensors } from '../../../src/io/safetensors/read-safetensors.ts'
import { expectSameBits } from '../../support/compare.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const golden = (name: string) => new URL(`../../golden/${name}`, import.meta.url)
const model = readFileSync(golden('model-format-1.safetensors'))

interface PythonTensor {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** What Python's safetensors reads of that model. */
const byPython: { layers: Config; tensors: { readonly [name: string]: PythonTensor } } = JSON.parse(
  readFileSync(golden('model-file.json'), 'utf8'),
)

test('Python reads the weights, and the optimiser’s arrays', async () => {
  const loaded = await loadModel(model)
  expect(loaded.layers.map(({ name, layer }) => [layer.type, name])).toEqual(byPython.layers)
  const weights = loaded.getWeights()
  const { optimizer } = loaded.getTrainingState()
  for (const [i, path] of loaded.weightPaths.entries()) {
    const { dtype, shape, values } = byPython.tensors[path]
    expect([dtype, shape]).toEqual(['float32', weights[i].shape])
    expectSameBits(flat(weights[i]), values, path)
    for (const slot of ['m', 'v']) {
      const name = `optimizer/${slot}/${path}`
      expect(byPython.tensors[name].shape).toEqual(weights[i].shape)
      expectSameBits(optimizer!.slots[slot][path], byPython.tensors[name].values, name)
    }
  }
})

test('a file of the first format is read, and training goes on from it', async () => {
  // The file's first steps were taken so.
  setBackend({ numerics: 'strict', fusion: true })
  const { x, y } = toyData(20)
  const options = { epochs: 3, batchSize: 6, validationSplit: 0.2, verbose: 0 } as const
  const whole = toyModel({ name: 'golden', seed: 5 })
  const { history } = await whole.fit(x, y, options)
  const loaded = await loadModel(model)
  const resumed = await loaded.fit(x, y, { ...options, resumeFrom: loaded.getTrainingState() })
  expect(resumed.history).toEqual(history)
  for (const [i, { data }] of whole.getWeights().entries()) expectSameBits(loaded.getWeights()[i].data, data)
})

test('reads what Python writes', () => {
  const { metadata, tensors } = readSafetensors(readFileSync(golden('by-python.safetensors')), 'by Python')
  expect([...metadata]).toEqual([['of', 'Größe']])
  expect(tensors.size).toBe(14)
  const counted = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64']
  for (const name of counted) {
    const tensor = tensors.get(name)!
    expect(tensor.shape).toEqual([2, 3])
    expectSameBits(arrayFrom(tensor)!, [0, 1, 2, 3, 4, 5], name)
  }
  for (const name of ['bool', 'float16', 'uint64', 'int64']) expect(arrayFrom(tensors.get(name)!)).toBeNull()
  expect(arrayFrom(tensors.get('scalar')!)).toEqual(Float32Array.of(0.5))
  expect(tensors.get('none')).toMatchObject({ dtype: 'F32', shape: [0, 4] })
})
