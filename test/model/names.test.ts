import { expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { Dense } from '../../src/layers/dense.ts'
import type { Layer } from '../../src/layers/layer.ts'
import { uniqueName } from '../../src/model/names.ts'

const ofType = (type: string) => ({ type }) as Layer

test.each([
  ['Conv2D', 'conv2d'],
  ['MaxPooling2D', 'max_pooling2d'],
  ['Dense', 'dense'],
  ['GlobalAveragePooling2D', 'global_average_pooling2d'],
  ['PReLU', 'p_re_lu'],
  ['myLayer', 'my_layer'],
])('calls a %s %s, as Keras does', (type, name) => {
  expect(uniqueName(ofType(type), [])).toBe(name)
})

test('numbers layers of a kind from the second on, past names that are taken', () => {
  expect(uniqueName(ofType('Dense'), ['dense'])).toBe('dense_1')
  expect(uniqueName(ofType('Dense'), ['dense', 'dense_1', 'flatten'])).toBe('dense_2')
  expect(uniqueName(ofType('Dense'), ['dense', 'dense_2'])).toBe('dense_1')
  expect(uniqueName(ofType('Dense'), ['dense_1'])).toBe('dense')
})

test('keeps a name that the user chose', () => {
  expect(uniqueName(new Dense({ units: 1, name: '👕 "\n' }), [])).toBe('👕 "\n')
  expect(uniqueName(new Dense({ units: 1, name: 'Kopf 1' }), ['dense'])).toBe('Kopf 1')
})

test.each([
  ['', 'a name without slashes'],
  ['a/b', 'a name without slashes'],
  ['a\0b', 'a name without slashes, of whole characters'],
  ['\ud83d', 'a name without slashes, of whole characters'],
  ['head', 'a name that no other layer has'],
])('refuses the name %j', (name, expected) => {
  const make = () => uniqueName(new Dense({ units: 1, name }), ['head'])
  expect(make).toThrow(OptionError)
  expect(make).toThrow(`Dense: name is ${JSON.stringify(name)}, expected ${expected}`)
})
