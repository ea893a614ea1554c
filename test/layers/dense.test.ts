import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShapeError } from '../../src/errors.ts'
import { Dense, type DenseOptions } from '../../src/layers/dense.ts'
import { Sequential } from '../../src/model/sequential.ts'
import { heUniform } from '../../src/tensor/initializers.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { activations, drawnGeometries } from '../support/geometries.ts'
import { expectRefusal } from '../support/refusals.ts'

test('its backward pass has the gradients of its forward pass', () => {
  const size = fc.integer({ min: 1, max: 7 })
  fc.assert(
    fc.property(size, size, size, activations, fc.boolean(), (rows, inputs, units, activation, useBias) => {
      gradCheck(new Dense({ units, activation, useBias }), { inputShape: [inputs], rows })
    }),
    drawnGeometries,
  )
})

test('has Keras’ defaults', () => {
  expect(new Dense({ units: 10 }).config).toEqual({
    units: 10,
    activation: 'linear',
    useBias: true,
    kernelInitializer: 'glorotUniform',
  })
})

test('has a kernel, a bias and its multiplications', () => {
  const layer = new Dense({ units: 4 })
  const { parameters, multiplyAdds } = layer.needs([6])
  expect(parameters!.kernel!.shape).toEqual([6, 4])
  expect(parameters!.bias!.shape).toEqual([4])
  expect(multiplyAdds).toBe(24)
  expect(Object.keys(new Dense({ units: 4, useBias: false }).needs([6]).parameters!)).toEqual(['kernel'])
})

test('is a product and an activation, where it has one', () => {
  const linear = new Dense({ units: 4 })
  expect(linear.parts()).toEqual([linear])
  const options = { units: 4, useBias: false, kernelInitializer: 'heUniform' } as const
  const [product, activation] = new Dense({ ...options, activation: 'softmax' }).parts()
  expect([product!.type, activation!.type]).toEqual(['Dense', 'Activation'])
  expect(product!.config).toMatchObject({ units: 4, useBias: false, activation: 'linear' })
  expect(product!.needs([3]).parameters!.kernel!.initializer).toBe(heUniform)
  expect(activation!.config).toEqual({ activation: 'softmax' })
})

test.each([
  [{ use_bias: false }, 'use_bias', 'expected the option useBias'],
  [{ units: 0 }, 'units', 'units is 0, expected a whole number of at least 1'],
  [{ units: -1 }, 'units', 'units is -1'],
  [{ units: 1.5 }, 'units', 'units is 1.5'],
  [{ units: Number.NaN }, 'units', 'units is NaN'],
  [{ units: '32' }, 'units', 'units is "32"'],
  [{ activation: 'gelu' }, 'activation', 'activation is "gelu", expected one of "relu"'],
  [{ useBias: 'no' }, 'useBias', 'useBias is "no", expected true or false'],
  [
    { kernelInitializer: 'uniform' },
    'kernelInitializer',
    'expected an Initializer or one of "glorotUniform"',
  ],
])('refuses %j', (wrong, option, message) => {
  expectRefusal(() => new Dense({ units: 3, ...wrong } as DenseOptions), 'Dense', option, message)
})

test.each([[[28, 28, 1]], [[2, 3]], [[]]])('refuses rows of %j, and says what to do', input => {
  const make = () => new Dense({ units: 3, name: 'head' }).outputShape(input)
  expect(make).toThrow(ShapeError)
  expect(make).toThrow(/^head: expected vectors, got \(.*\): put a Flatten before this layer$/)
})

test('its error has its name in the model', () => {
  const make = () => new Sequential([new Dense({ units: 3 })], { inputShape: [28, 28, 1] })
  expect(make).toThrow('layer dense: expected vectors, got (28, 28, 1): put a Flatten before this layer')
})
