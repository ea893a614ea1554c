import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShapeError } from '../../src/errors.ts'
import { MaxPool2D } from '../../src/layers/max-pool2d.ts'
import { Sequential } from '../../src/model/sequential.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { drawnGeometries, windowCases } from '../support/geometries.ts'
import { expectRefusal } from '../support/refusals.ts'

test('its backward pass has the gradients of its forward pass', () => {
  fc.assert(
    fc.property(windowCases, ({ input, size, strides, padding }) => {
      gradCheck(new MaxPool2D({ poolSize: size, strides, padding }), { inputShape: input })
    }),
    drawnGeometries,
  )
})

test('has Keras’ defaults: windows that touch', () => {
  expect(new MaxPool2D().config).toEqual({ poolSize: [2, 2], strides: [2, 2], padding: 'valid' })
  expect(new MaxPool2D({ poolSize: [3, 1] }).config.strides).toEqual([3, 1])
  expect(new MaxPool2D({ poolSize: 3, strides: 1 }).config.strides).toEqual([1, 1])
})

test.each([
  ['valid', [27, 26, 3], [13, 13, 3]],
  ['same', [27, 26, 3], [14, 13, 3]],
] as const)('%s makes %j to %j', (padding, input, output) => {
  expect(new MaxPool2D({ padding }).outputShape(input)).toEqual(output)
})

test('keeps its winners in bytes as long as they fit', () => {
  const dtype = (poolSize: number) => new MaxPool2D({ poolSize }).needs([40, 40, 1]).saved!.winners!.dtype
  expect([dtype(2), dtype(16), dtype(17)]).toEqual(['uint8', 'uint8', 'int32'])
  expect(new MaxPool2D().needs([26, 26, 32]).saved!.winners!.perRow).toBe(13 * 13 * 32)
})

test.each([
  [{ pool_size: 2 }, 'pool_size', 'expected the option poolSize'],
  [{ poolSize: 0 }, 'poolSize', 'poolSize is 0, expected a whole number of at least 1'],
  [{ poolSize: 1.5 }, 'poolSize', 'poolSize is 1.5'],
  [{ poolSize: '2' }, 'poolSize', 'poolSize is "2"'],
  [{ strides: Number.NaN }, 'strides', 'strides is NaN'],
  [{ padding: 'full' }, 'padding', 'padding is "full", expected one of "valid", "same"'],
])('refuses %j', (options, option, message) => {
  expectRefusal(() => new MaxPool2D(options as never), 'MaxPool2D', option, message)
})

test('refuses images smaller than its window, naming itself', () => {
  const make = () => new Sequential([new MaxPool2D({ poolSize: 4 })], { inputShape: [3, 8, 1] })
  expect(make).toThrow(ShapeError)
  expect(make).toThrow('layer max_pooling2d: a window of 4×4 does not fit on an image of 3×8')
  expect(new MaxPool2D({ poolSize: 4, padding: 'same' }).outputShape([3, 8, 1])).toEqual([1, 2, 1])
})
