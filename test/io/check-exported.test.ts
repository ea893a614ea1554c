import { Dense, FormatLimitError, OptionError, Sequential, StateError, saveModel } from 'convnet-ts'
import { toNpz, toOnnx, toStandaloneModule } from 'convnet-ts/export'
import { describe, expect, test, vi } from 'vitest'
import { checkExported } from '../../src/io/check-exported.ts'
import { toyModel } from '../support/toy.ts'

test('weights may take as many bytes as there is room for', () => {
  const model = toyModel()
  const bytes = 4 * model.countParams()
  expect(() => checkExported('toNpz', model, bytes)).not.toThrow()
  expect(() => checkExported('toNpz', model, bytes - 1)).toThrow(
    new FormatLimitError('toNpz', bytes, bytes - 1),
  )
})

describe.each([
  ['toNpz', toNpz, 2 ** 32],
  ['toOnnx', toOnnx, 2 ** 31],
  ['toStandaloneModule', toStandaloneModule, (2 ** 29 * 3) / 4],
] as const)('%s refuses', (name, write, most) => {
  test.each([undefined, null, {}, 'model.safetensors', new Uint8Array(8)])('%o, which is no model', value => {
    const refused = () => write(value as unknown as Sequential)
    expect(refused).toThrow(OptionError)
    expect(refused).toThrow(/: model is .*, expected a Sequential$/)
  })

  test('a model without layers, or without an input shape', () => {
    const empty = () => write(new Sequential([], { inputShape: [2] }))
    expect(empty).toThrow(new StateError(`${name}: the model has no layers: add some`))
    const unbuilt = () => write(new Sequential([new Dense({ units: 1 })]))
    expect(unbuilt).toThrow(StateError)
    expect(unbuilt).toThrow(
      `${name}: the model does not know its input shape; give it inputShape, or call build or fit first`,
    )
  })

  test('more weights than a file can hold, before it copies any', () => {
    const model = toyModel()
    const copied = vi.spyOn(model, 'getWeights')
    vi.spyOn(model, 'countParams').mockReturnValue(most / 4)
    expect(() => write(model)).toThrow(FormatLimitError)
    expect(copied).not.toHaveBeenCalled()
    // What a megabyte less leaves is taken.
    vi.spyOn(model, 'countParams').mockReturnValue((most - 2 ** 20) / 4)
    expect(() => write(model)).not.toThrow()
  })
})

test('what is written may be a part of a Blob, also for the compiler: that is how a page has it downloaded', () => {
  const model = toyModel()
  const parts = [saveModel(model), toNpz(model), toOnnx(model)]
  const bytes = parts.reduce((sum, { length }) => sum + length, 0)
  expect(new Blob(parts).size).toBe(bytes)
})
