import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/config.ts'
import { makeModel } from '../../../src/io/keras/make-model.ts'
import { Problems } from '../../../src/io/problems.ts'
import type { Shape } from '../../../src/tensor/shape.ts'

const make = (model: Json, inputShape?: Shape, compile?: Json, compiles = true) =>
  makeModel({ model, compile }, inputShape, compiles, new Problems('a.keras'))

const dense = { class_name: 'Dense', config: { name: 'out', units: 3, activation: 'softmax' } }
const flatten = { class_name: 'Flatten', config: { name: 'flat' } }
const input = (batch_shape: Json) => ({ class_name: 'InputLayer', config: { name: 'in', batch_shape } })
const sequential = (layers: Json, others = {}) => ({
  class_name: 'Sequential',
  config: { name: 'stylist', layers, ...others },
})

describe('makeModel', () => {
  test('makes the model without weights, and tells their shapes', () => {
    const { model, inputShape, shapes } = make(sequential([input([null, 2, 2, 1]), flatten, dense]))
    expect(model.name).toBe('stylist')
    expect(model.layers.map(({ name }) => name)).toEqual(['flat', 'out'])
    expect(inputShape).toEqual([2, 2, 1])
    expect([...shapes]).toEqual([
      ['out/kernel', [4, 3]],
      ['out/bias', [3]],
    ])
    expect(model.inputShape).toBeNull()
    expect(model.compiled).toBeNull()
  })

  test.each<[string, Json]>([
    ['the input layer', sequential([input([null, 4]), dense])],
    [
      "the input layer of Keras 2.4's time",
      sequential([{ ...input(null), config: { batch_input_shape: [null, 4] } }, dense]),
    ],
    [
      'the first layer',
      sequential([{ ...dense, config: { ...dense.config, batch_input_shape: [null, 4] } }]),
    ],
    ['what it was built for', sequential([dense], { build_input_shape: [32, 4] })],
    [
      'what its file says it was built for',
      { ...sequential([dense]), build_config: { input_shape: [null, 4] } },
    ],
    ['the first layer of a list', { class_name: 'Sequential', config: [input([null, 4]), dense] }],
  ])('takes the shape of its input from %s', (_place, model) => {
    expect(make(model).inputShape).toEqual([4])
  })

  test('is given a shape that the file leaves open', () => {
    expect(make(sequential([dense]), [4]).shapes.get('out/kernel')).toEqual([4, 3])
    const open = sequential([input([null, null, null, 2]), flatten, dense])
    expect(make(open, [2, 3, 2]).shapes.get('out/kernel')).toEqual([12, 3])
    expect(() => make(open)).toThrow('a.keras: has a model for rows of (?, ?, 2), which leaves a length open')
    expect(() => make(open, [2, 3, 1])).toThrow('has a model for rows of (?, ?, 2), expected (2, 3, 1)')
    expect(() => make(sequential([dense]))).toThrow('does not tell the shape of its input: give inputShape')
    expect(() => make(sequential([input([null, 4]), dense]), [5])).toThrow('rows of (4,), expected (5,)')
  })

  test('compiles it where it was, unless that is not wanted', () => {
    const compile = { loss: 'mse', optimizer: 'sgd' }
    const model = sequential([input([null, 4]), dense])
    expect(make(model, undefined, compile).model.compiled!.optimizer.name).toBe('sgd')
    expect(make(model, undefined, compile, false).model.compiled).toBeNull()
    expect(make(model, undefined, { loss: 'huber' }, false).model.compiled).toBeNull()
    expect(() => make(model, undefined, { loss: 'huber', optimizer: 'sgd' })).toThrow('the loss: is "huber"')
    expect(() => make(model, undefined, { ...compile, metrics: ['acc', 'acc'] })).toThrow('distinct names')
  })

  test('lists what is wrong with all layers', () => {
    const bad = [
      flatten,
      { class_name: 'GRU', config: { name: 'b' } },
      { class_name: 'Dense', config: { name: 'c' } },
    ]
    expect(() => make(sequential(bad))).toThrow(
      /^a\.keras:\n- does not tell the shape[^\n]+\n- layer b: its class is "GRU"[^\n]+\n- layer c: units is missing$/,
    )
  })

  test.each<[Json, string]>([
    [null, 'a model of class null, expected Sequential'],
    [{ class_name: 'Functional', config: {} }, 'a model of class "Functional", expected Sequential'],
    [sequential(null), 'layers that are null, expected a list'],
    [sequential([]), 'does not tell the shape of its input'],
    [sequential([input([null, 4])]), 'a model without layers'],
    [sequential([input('wide'), dense]), 'an input of shape "wide"'],
    [sequential([input([null]), dense]), 'an input of shape [null]'],
    [sequential([input([null, 4.5]), dense]), 'an input of shape [null,4.5]'],
    [sequential([input([null, -4]), dense]), 'inputShape is [-4]'],
    [sequential([input([null, 2, 2]), dense]), 'expected vectors, got (2, 2)'],
    [sequential([input([null, 4]), dense, dense]), 'a name that no other layer has'],
    [
      sequential([input([null, 4]), { ...dense, config: { ...dense.config, name: 'a/b' } }]),
      'a name without slashes',
    ],
    [sequential([flatten, input([null, 4])]), 'its class is "InputLayer"'],
    [
      sequential([{ ...input([null, 4]), config: { batch_shape: [null, 4], sparse: true } }, dense]),
      'sparse is true',
    ],
    [sequential(Array(1001).fill(flatten)), 'has 1001 layers, expected at most 1000'],
  ])('refuses %o', (model, message) => {
    expect(() => make(model)).toThrow(message)
  })
})
