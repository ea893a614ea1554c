import { NonFiniteWeightError, OptionError } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { exportedWeights } from '../../src/io/exported-weights.ts'
import { toNpz } from '../../src/io/npz.ts'
import { toOnnx } from '../../src/io/onnx/to-onnx.ts'
import { toStandaloneModule } from '../../src/io/standalone/to-standalone-module.ts'
import { toyModel } from '../support/toy.ts'

function ruined(value: number) {
  const model = toyModel()
  const weights = model.getWeights()
  weights[2].data[5] = value
  model.setWeights(weights)
  return model
}

test('weights have their paths, in the order of the model', () => {
  const model = toyModel()
  const weights = exportedWeights('toNpz', model, {})
  expect([...weights.keys()]).toEqual(['conv2d/kernel', 'conv2d/bias', 'dense/kernel', 'dense/bias'])
  expect([...weights.values()]).toEqual(model.getWeights())
})

describe.each([
  ['toNpz', toNpz],
  ['toOnnx', toOnnx],
  ['toStandaloneModule', toStandaloneModule],
] as const)('%s', (name, write) => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %f, and says where it is',
    value => {
      const model = ruined(value)
      const refused = () => write(model)
      expect(refused).toThrow(NonFiniteWeightError)
      expect(refused).toThrow(`${name}: dense/kernel has ${value} at element 5`)
      expect(write(model, { allowNonFinite: true }).length).toBe(write(toyModel()).length)
    },
  )

  test('refuses options that it does not know', () => {
    const misspelt = { allowNaN: true } as { allowNonFinite?: boolean }
    expect(() => write(toyModel(), misspelt)).toThrow(OptionError)
    expect(() => write(toyModel(), { allowNonFinite: 1 as unknown as boolean })).toThrow(OptionError)
  })
})
