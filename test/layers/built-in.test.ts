import * as library from 'convnet-ts'
import { Dense, type Layer } from 'convnet-ts'
import { expect, test } from 'vitest'
import { isBuiltInLayer } from '../../src/layers/built-in.ts'
import { Conv2DReluMaxPool2D } from '../../src/layers/conv2d-relu-max-pool2d.ts'

const classes = [...Object.values(library), Conv2DReluMaxPool2D].filter(
  (value): value is typeof Dense => typeof value === 'function' && 'needs' in (value.prototype ?? {}),
)

test.each(classes.map(layer => [layer.name, layer] as const))('%s is built in', (_, { prototype }) => {
  expect(isBuiltInLayer(Object.create(prototype) as Layer)).toBe(true)
})

test('they are all of the library’s layers; one derived from them is the user’s', () => {
  expect(classes).toHaveLength(8)
  class Mine extends Dense {}
  expect(isBuiltInLayer(new Mine({ units: 1 }))).toBe(false)
})
