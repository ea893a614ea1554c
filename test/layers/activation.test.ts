import fc from 'fast-check'
import { test } from 'vitest'
import { referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { Activation } from '../../src/layers/activation.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { expectClose } from '../support/compare.ts'
import { activations, drawnGeometries, shapes } from '../support/geometries.ts'
import { expectRefusal } from '../support/refusals.ts'

test('its backward pass has the gradients of its forward pass', () => {
  fc.assert(
    fc.property(shapes, activations, (inputShape, activation) => {
      gradCheck(new Activation({ activation }), { inputShape, draw: next => 6 * next() - 3 })
    }),
    drawnGeometries,
  )
})

test('softmax goes over the last axis alone', () => {
  const [inputShape, size] = [[2, 3], 6]
  const memory = { inputShape, outputShape: inputShape, parameters: {}, saved: {}, index: 0 }
  const { forward } = new Activation({ activation: 'softmax' }).bind(referenceFloat64, memory)
  const y = new Float64Array(2 * size)
  forward(
    2,
    Float64Array.from(y, (_, i) => i % 5),
    y,
    { training: true, seed: 0, step: 0 },
  )
  const sums = [0, 3, 6, 9].map(i => y[i] + y[i + 1] + y[i + 2])
  expectClose(sums, [1, 1, 1, 1], { rtol: 1e-15, atol: 0 })
})

test.each([
  [{ activation: 'gelu' }, 'activation', 'expected one of "relu", "sigmoid", "softmax", "linear"'],
  [{ activation: 'ReLU' }, 'activation', 'activation is "ReLU", expected "relu"'],
  [{}, 'activation', 'activation is undefined'],
  [{ activation: 'relu', alpha: 1 }, 'alpha', 'expected no option of this name (options: activation, name)'],
])('refuses %j', (options, option, message) => {
  expectRefusal(() => new Activation(options as never), 'Activation', option, message)
})
