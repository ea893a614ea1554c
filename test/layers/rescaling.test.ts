import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Rescaling } from '../../src/layers/rescaling.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { drawnGeometries, shapes } from '../support/geometries.ts'
import { expectRefusal } from '../support/refusals.ts'

test.each([
  [1 / 255, 0],
  [-3, 0.5],
  [0, 1],
])('its backward pass has the gradients of its forward pass: scale %d, offset %d', (scale, offset) => {
  fc.assert(
    fc.property(shapes, inputShape => {
      gradCheck(new Rescaling({ scale, offset }), { inputShape })
    }),
    drawnGeometries,
  )
})

test('has no offset by default', () => {
  expect(new Rescaling({ scale: 2 }).config).toEqual({ scale: 2, offset: 0 })
})

test.each([
  [{ scale: Number.NaN }, 'scale', 'scale is NaN, expected a finite number'],
  [{ scale: '255' }, 'scale', 'scale is "255"'],
  [{}, 'scale', 'scale is undefined'],
  [{ scale: 1, offset: Number.POSITIVE_INFINITY }, 'offset', 'offset is Infinity'],
  [{ scale: 1, Offset: 1 }, 'Offset', 'expected the option offset'],
])('refuses %j', (options, option, message) => {
  expectRefusal(() => new Rescaling(options as never), 'Rescaling', option, message)
})
