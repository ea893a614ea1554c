import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PReLU } from '../../examples/custom-layer.ts'
import { ConvnetError, OptionError, ShapeError } from '../../src/errors.ts'
import { Activation, type ActivationName } from '../../src/layers/activation.ts'
import { Conv2D } from '../../src/layers/conv2d.ts'
import { Dense } from '../../src/layers/dense.ts'
import { Dropout } from '../../src/layers/dropout.ts'
import { Flatten } from '../../src/layers/flatten.ts'
import type { Layer } from '../../src/layers/layer.ts'
import { MaxPool2D } from '../../src/layers/max-pool2d.ts'
import { Rescaling } from '../../src/layers/rescaling.ts'
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts'
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts'
import type { Loss } from '../../src/losses/loss.ts'
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts'
import { sparseCategoricalCrossentropy } from '../../src/losses/sparse-categorical-crossentropy.ts'
import { Sequential } from '../../src/model/sequential.ts'
import { zeros } from '../../src/tensor/initializers.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { expectSameBits } from '../support/compare.ts'
import { drawnGeometries } from '../support/geometries.ts'

const reals = (next: () => number) => 6 * next() - 3

const losses: [title: string, loss: Loss, activation: ActivationName, draw?: typeof reals][] = [
  ['sparseCategoricalCrossentropy', sparseCategoricalCrossentropy(), 'sigmoid'],
  [
    'sparseCategoricalCrossentropy of logits',
    sparseCategoricalCrossentropy({ fromLogits: true }),
    'linear',
    reals,
  ],
  ['categoricalCrossentropy', categoricalCrossentropy(), 'softmax'],
  ['categoricalCrossentropy of logits', categoricalCrossentropy({ fromLogits: true }), 'linear', reals],
  ['binaryCrossentropy', binaryCrossentropy(), 'sigmoid'],
  ['binaryCrossentropy of logits', binaryCrossentropy({ fromLogits: true }), 'linear', reals],
  ['meanSquaredError', meanSquaredError(), 'relu', reals],
]

describe.each(losses)('%s', (_, loss, activation, draw) => {
  test('has the gradient of its value', () => {
    const size = fc.integer({ min: 1, max: 6 })
    fc.assert(
      fc.property(size, size, fc.nat(), (rows, classes, seed) => {
        const { checked } = gradCheck(loss, { inputShape: [classes], rows, seed, ...(draw && { draw }) })
        expect(checked).toBe(rows * classes)
      }),
      drawnGeometries,
    )
  })

  test('trains a small model by the gradient of its loss', () => {
    const model = new Sequential(
      [
        new Rescaling({ scale: 0.5, offset: 0.1 }),
        new Conv2D({ filters: 3, kernelSize: 3, activation: 'relu' }),
        new PReLU(),
        new MaxPool2D({ poolSize: 2, padding: 'same' }),
        new Dropout({ rate: 0.2 }),
        new Conv2D({ filters: 2, kernelSize: 2, padding: 'same', strides: [1, 2] }),
        new Flatten(),
        new Dense({ units: 5, activation: 'sigmoid' }),
        new Dense({ units: 4, activation }),
      ],
      { inputShape: [7, 6, 2], seed: 3 },
    )
    model.compile({ loss })
    const before = model.getWeights()
    const { checked, kinks } = gradCheck(model)
    expect(checked).toBeGreaterThan(380)
    expect(kinks).toBeLessThan(checked / 50)
    for (const [i, { data }] of model.getWeights().entries()) expectSameBits(data, before[i].data)
  })
})

describe('gradCheck of a model', () => {
  test('checks one without a loss, and one that is not built yet', () => {
    const model = new Sequential([new Flatten(), new Dense({ units: 3 })])
    expect(gradCheck(model, { inputShape: [2, 3], rows: 2 }).checked).toBe(2 * 6 + 6 * 3 + 3)
    expect(model.inputShape).toBe(null)
  })

  test('takes the weights that the model has, and moves those of one that is not built off zero', () => {
    const seen: number[] = []
    const witness: Layer = {
      type: 'Witness',
      config: {},
      outputShape: input => input,
      needs: () => ({ parameters: { weight: { shape: [1], initializer: zeros } } }),
      bind: (_, { parameters }) => ({
        forward: (_rows, x, y) => {
          seen.push(parameters.weight!.value[0])
          y.set(x)
        },
        backward: (_rows, _x, _y, dy, dx) => {
          parameters.weight!.gradient.fill(0)
          dx?.set(dy)
        },
      }),
    }
    const model = new Sequential([witness], { inputShape: [2] })
    model.setWeights([tensor(Float32Array.of(0.75), [1])])
    gradCheck(model)
    expect(seen[0]).toBe(0.75)
    seen.length = 0
    gradCheck(witness, { inputShape: [2] })
    expect(Math.abs(seen[0])).toBeGreaterThan(0.001)
    expect(Math.abs(seen[0])).toBeLessThan(0.1)
  })

  test('names the layer that does not fit', () => {
    const model = new Sequential([new Dense({ units: 3, name: 'head' })])
    expect(() => gradCheck(model, { inputShape: [4, 4, 1] })).toThrow(ShapeError)
    expect(() => gradCheck(model, { inputShape: [4, 4, 1] })).toThrow('layer head: expected vectors')
  })
})

describe('gradCheck of a layer', () => {
  test('checks every entry of x and of the parameters, but no more than asked', () => {
    const layer = new Dense({ units: 3 })
    expect(gradCheck(layer, { inputShape: [4], rows: 2 })).toMatchObject({ checked: 8 + 12 + 3, kinks: 0 })
    expect(gradCheck(layer, { inputShape: [4], rows: 2, entries: 5 }).checked).toBe(5 + 5 + 3)
  })

  test('draws the same numbers for the same seed', () => {
    const worst = (seed: number) => gradCheck(new Dense({ units: 2 }), { inputShape: [3], seed }).worst
    expect(worst(1)).toEqual(worst(1))
    expect(worst(1)).not.toEqual(worst(2))
  })

  test('leaves out inputs at a kink, and counts them', () => {
    const relu = new Activation({ activation: 'relu' })
    const sparse = (next: () => number) => (next() < 0.1 ? 0 : 2 * next() - 1)
    const { checked, kinks } = gradCheck(relu, { inputShape: [100], draw: sparse })
    expect(kinks).toBeGreaterThan(10)
    expect(kinks).toBeLessThan(50)
    expect(checked + kinks).toBe(256)
  })

  test('refuses a layer that has nothing but kinks', () => {
    const relu = new Activation({ activation: 'relu' })
    expect(() => gradCheck(relu, { inputShape: [10], draw: () => 0 })).toThrow(ConvnetError)
    expect(() => gradCheck(relu, { inputShape: [10], draw: () => 0 })).toThrow(
      '30 of 30 entries lie at a kink',
    )
    const pool = new MaxPool2D()
    expect(() => gradCheck(pool, { inputShape: [4, 4, 1], draw: () => 1 })).toThrow('entries lie at a kink')
  })

  test.each([
    [{}, 'inputShape'],
    [{ input_shape: [3], inputShape: [3] }, 'input_shape'],
  ])('refuses the options %j', (options, option) => {
    expect(() => gradCheck(new Flatten(), options)).toThrow(OptionError)
    expect(() => gradCheck(new Flatten(), options)).toThrow(`gradCheck: ${option} is`)
  })
})

test.each([
  [{ rows: 0 }, 'gradCheck: rows is 0, expected a whole number of at least 1'],
  [{ entries: 0 }, 'gradCheck: entries is 0'],
  [{ step: 0 }, 'gradCheck: step is 0, expected a finite number above 0'],
  [{ inputShape: 3 }, 'gradCheck: inputShape is 3, expected the shape of one row'],
  [{ inputShape: undefined }, 'gradCheck: inputShape is undefined'],
])('options that would check nothing are refused: %o', (options, message) => {
  expect(() => gradCheck(new Dense({ units: 2 }), { inputShape: [3], ...(options as object) })).toThrow(
    message,
  )
})
