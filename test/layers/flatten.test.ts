import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Flatten } from '../../src/layers/flatten.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { drawnGeometries, shapes } from '../support/geometries.ts'
import { expectRefusal } from '../support/refusals.ts'

test.each([
  [[13, 13, 32], [5408]],
  [[7], [7]],
  [[], [1]],
])('makes %j to %j', (input, output) => {
  expect(new Flatten().outputShape(input)).toEqual(output)
})

test('its backward pass has the gradients of its forward pass', () => {
  fc.assert(
    fc.property(shapes, inputShape => {
      gradCheck(new Flatten(), { inputShape })
    }),
    drawnGeometries,
  )
})

test('refuses options that it does not have', () => {
  const options = { dataFormat: 'channelsLast' } as object
  expectRefusal(() => new Flatten(options), 'Flatten', 'dataFormat', 'expected no option of this name')
})
