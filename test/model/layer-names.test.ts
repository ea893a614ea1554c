import { expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { Dense } from '../../src/layers/dense.ts'
import type { Layer } from '../../src/layers/layer.ts'
import { LayerNames } from '../../src/model/layer-names.ts'

const ofType = (type: string) => ({ type }) as Layer

function having(...taken: string[]): LayerNames {
  const names = new LayerNames()
  for (const name of taken) names.take(name)
  return names
}

test.each([
  ['Conv2D', 'conv2d'],
  ['MaxPooling2D', 'max_pooling2d'],
  ['Dense', 'dense'],
  ['GlobalAveragePooling2D', 'global_average_pooling2d'],
  ['PReLU', 'p_re_lu'],
  ['myLayer', 'my_layer'],
])('calls a %s %s, as Keras does', (type, name) => {
  expect(having().nameFor(ofType(type))).toBe(name)
})

test('numbers layers of a kind from the second on, past names that are taken', () => {
  expect(having('dense').nameFor(ofType('Dense'))).toBe('dense_1')
  expect(having('dense', 'dense_1', 'flatten').nameFor(ofType('Dense'))).toBe('dense_2')
  expect(having('dense', 'dense_2').nameFor(ofType('Dense'))).toBe('dense_1')
  expect(having('dense_1').nameFor(ofType('Dense'))).toBe('dense')
})

test('takes no name by itself, and counts on from the last one', () => {
  const names = having('dense_1')
  const given = Array.from({ length: 4 }, () => {
    const name = names.nameFor(ofType('Dense'))
    expect(names.nameFor(ofType('Dense'))).toBe(name)
    names.take(name)
    return name
  })
  expect(given).toEqual(['dense', 'dense_2', 'dense_3', 'dense_4'])
  expect(names.nameFor(ofType('Flatten'))).toBe('flatten')
})

test('keeps a name that the user chose', () => {
  for (const name of ['Kopf 1', '👕 "\n']) {
    expect(having('dense').nameFor(new Dense({ units: 1, name }))).toBe(name)
  }
})

test.each([
  ['', 'a name without slashes, of whole characters'],
  ['a/b', 'a name without slashes, of whole characters'],
  ['a\0b', 'a name without slashes, of whole characters'],
  ['\ud83d', 'a name without slashes, of whole characters'],
  ['\udd7e👕', 'a name without slashes, of whole characters'],
  ['head', 'a name that no other layer has'],
])('refuses the name %j', (name, expected) => {
  const make = () => having('head').nameFor(new Dense({ units: 1, name }))
  expect(make).toThrow(OptionError)
  expect(make).toThrow(`Dense: name is ${JSON.stringify(name)}, expected ${expected}`)
})
