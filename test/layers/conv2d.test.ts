import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShapeError } from '../../src/errors.ts'
import { Conv2D, type Conv2DOptions } from '../../src/layers/conv2d.ts'
import { Sequential } from '../../src/model/sequential.ts'
import { heNormal, type Initializer } from '../../src/tensor/initializers.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { activations, drawnGeometries, windowCases } from '../support/geometries.ts'
import { expectRefusal } from '../support/refusals.ts'

test('its backward pass has the gradients of its forward pass', () => {
  fc.assert(
    fc.property(
      windowCases,
      fc.integer({ min: 1, max: 4 }),
      activations,
      fc.boolean(),
      ({ input, size, strides, padding }, filters, activation, useBias) => {
        const layer = new Conv2D({ filters, kernelSize: size, strides, padding, activation, useBias })
        gradCheck(layer, { inputShape: input, entries: 40 })
      },
    ),
    drawnGeometries,
  )
})

test('has Keras’ defaults, and sizes for both directions', () => {
  expect(new Conv2D({ filters: 32, kernelSize: 3 }).config).toEqual({
    filters: 32,
    kernelSize: [3, 3],
    strides: [1, 1],
    padding: 'valid',
    activation: 'linear',
    useBias: true,
    kernelInitializer: 'glorotUniform',
  })
  const { kernelSize, strides } = new Conv2D({ filters: 1, kernelSize: [2, 5], strides: [3, 1] }).config
  expect([kernelSize, strides]).toEqual([
    [2, 5],
    [3, 1],
  ])
})

test.each([
  ['valid', 1, [26, 26, 4]],
  ['valid', 3, [9, 9, 4]],
  ['same', 1, [28, 28, 4]],
  ['same', 3, [10, 10, 4]],
] as const)('%s with strides %i on 28×28 gives %j', (padding, strides, output) => {
  const layer = new Conv2D({ filters: 4, kernelSize: 3, strides, padding })
  expect(layer.outputShape([28, 28, 1])).toEqual(output)
})

test('has a kernel, a bias and its multiplications', () => {
  const { parameters, multiplyAdds } = new Conv2D({ filters: 4, kernelSize: [3, 2] }).needs([8, 7, 5])
  expect(parameters!.kernel!.shape).toEqual([3, 2, 5, 4])
  expect(parameters!.bias!.shape).toEqual([4])
  expect(multiplyAdds).toBe(6 * 6 * 3 * 2 * 5 * 4)
  const withoutBias = new Conv2D({ filters: 4, kernelSize: 3, useBias: false }).needs([8, 8, 5])
  expect(Object.keys(withoutBias.parameters!)).toEqual(['kernel'])
})

test('is a convolution and an activation, where it has one', () => {
  const linear = new Conv2D({ filters: 4, kernelSize: 3 })
  expect(linear.parts()).toEqual([linear])
  const [convolution, activation] = new Conv2D({
    filters: 4,
    kernelSize: 3,
    strides: 2,
    padding: 'same',
    activation: 'relu',
    useBias: false,
    kernelInitializer: 'heNormal',
  }).parts()
  expect([convolution!.type, activation!.type]).toEqual(['Conv2D', 'Activation'])
  expect(convolution!.config).toMatchObject({
    filters: 4,
    kernelSize: [3, 3],
    strides: [2, 2],
    padding: 'same',
    activation: 'linear',
    useBias: false,
  })
  expect(convolution!.needs([8, 8, 1]).parameters!.kernel!.initializer).toBe(heNormal)
  expect(activation!.config).toEqual({ activation: 'relu' })
})

test('takes an initialiser of the user, for its part as well', () => {
  const half: Initializer = values => values.fill(0.5)
  const layer = new Conv2D({ filters: 1, kernelSize: 1, activation: 'relu', kernelInitializer: half })
  expect(layer.config.kernelInitializer).toBe('custom')
  expect(layer.parts()[0].needs([1, 1, 2]).parameters!.kernel!.initializer).toBe(half)
})

test.each([
  [{ kernel_size: 3 }, 'kernel_size', 'expected the option kernelSize'],
  [{ dataFormat: 'NCHW' }, 'dataFormat', 'expected no option of this name'],
  [{ filters: 0 }, 'filters', 'filters is 0, expected a whole number of at least 1'],
  [{ filters: -1 }, 'filters', 'filters is -1'],
  [{ filters: 1.5 }, 'filters', 'filters is 1.5'],
  [{ filters: Number.NaN }, 'filters', 'filters is NaN'],
  [{ filters: '32' }, 'filters', 'filters is "32"'],
  [{ filters: undefined }, 'filters', 'filters is undefined'],
  [{ kernelSize: 0 }, 'kernelSize', 'kernelSize is 0, expected a whole number of at least 1, or two of them'],
  [{ kernelSize: [3] }, 'kernelSize', 'kernelSize is [3]'],
  [{ kernelSize: undefined }, 'kernelSize', 'kernelSize is undefined'],
  [{ strides: [1, 0] }, 'strides', 'strides is [1, 0]'],
  [{ padding: 'full' }, 'padding', 'padding is "full", expected one of "valid", "same"'],
  [{ activation: 'gelu' }, 'activation', 'activation is "gelu", expected one of "relu", "sigmoid"'],
  [{ useBias: 1 }, 'useBias', 'useBias is 1, expected true or false'],
  [{ kernelInitializer: 'glorot_uniform' }, 'kernelInitializer', 'expected "glorotUniform"'],
])('refuses %j', (wrong, option, message) => {
  const options = { filters: 2, kernelSize: 3, ...wrong } as Conv2DOptions
  expectRefusal(() => new Conv2D(options), 'Conv2D', option, message)
})

test('refuses to be made without options', () => {
  expectRefusal(() => new Conv2D(undefined as never), 'Conv2D', 'options', 'expected an object with options')
})

test.each([
  [[2, 8, 1], "a window of 3×3 does not fit on an image of 2×8: use a smaller one, or padding: 'same'"],
  [[8, 2, 1], 'a window of 3×3 does not fit on an image of 8×2'],
  [[784], 'expected rows of shape (height, width, channels), got (784,): reshape x'],
  [
    [28, 28],
    'expected rows of shape (height, width, channels), got (28, 28): reshape x to [rows, height, width, channels]; grey images have 1 channel',
  ],
])('refuses rows of %j, naming itself', (input, message) => {
  const make = (name?: string) => () => {
    const layer = new Conv2D({ filters: 2, kernelSize: 3, ...(name && { name }) })
    return new Sequential([layer], { inputShape: input })
  }
  expect(make()).toThrow(ShapeError)
  expect(make()).toThrow(`layer conv2d: ${message}`)
  expect(make('stem')).toThrow(`layer stem: ${message}`)
})
