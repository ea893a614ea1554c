import { describe, expect, test } from 'vitest'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { Activation } from '../../src/layers/activation.ts'
import { Conv2D } from '../../src/layers/conv2d.ts'
import { Dense } from '../../src/layers/dense.ts'
import { Dropout } from '../../src/layers/dropout.ts'
import type { Layer, Memory, Step } from '../../src/layers/layer.ts'
import { MaxPool2D } from '../../src/layers/max-pool2d.ts'
import type { Loss } from '../../src/losses/loss.ts'
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts'
import { sparseCategoricalCrossentropy } from '../../src/losses/sparse-categorical-crossentropy.ts'
import { Sequential } from '../../src/model/sequential.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { GradientError } from '../../src/testing/finite-differences.ts'
import { type GradCheckOptions, gradCheck } from '../../src/testing/grad-check.ts'

type Backward = Step<Real>['backward']

/** A layer with another backward pass; `change` gets the right one. */
function withBackward(layer: Layer, change: (right: Backward, memory: Memory<Real>) => Backward): Layer {
  return {
    type: layer.type,
    name: layer.name,
    config: layer.config,
    outputShape: input => layer.outputShape(input),
    needs: input => layer.needs(input),
    bind<A extends Real>(kernels: Kernels<A>, memory: Memory<A>): Step<A> {
      const step = layer.bind(kernels, memory)
      const backward = change(step.backward as Backward, memory as unknown as Memory<Real>)
      return { forward: step.forward, backward }
    },
  }
}

/** Lets the right backward pass run, and spoils what it has written. */
const spoiled = (layer: Layer, spoil: (memory: Memory<Real>, dx: Real) => void): Layer =>
  withBackward(layer, (right, memory) => (rows, x, y, dy, dx, pass) => {
    right(rows, x, y, dy, dx, pass)
    spoil(memory, dx!)
  })

/** Adds to an array what a function would overwrite it with. */
function added(array: Real, overwrite: () => void): void {
  const before = array.slice()
  overwrite()
  for (let i = 0; i < array.length; i++) array[i] = array[i] + before[i]
}

const dense = new Dense({ units: 4 })
const conv = new Conv2D({ filters: 3, kernelSize: 2 })
const vector = [5]
const image = [5, 5, 2]

const wrongLayers: [title: string, layer: Layer, inputShape: number[], culprit: string][] = [
  [
    'dx scaled by 1.001',
    spoiled(dense, (_, dx) => {
      for (let i = 0; i < dx.length; i++) dx[i] *= 1.001
    }),
    vector,
    'x',
  ],
  [
    'two entries of dw swapped',
    spoiled(conv, ({ parameters }) => {
      const { gradient } = parameters.kernel!
      const first = gradient[0]
      gradient[0] = gradient[7]
      gradient[7] = first
    }),
    image,
    'Conv2D/kernel',
  ],
  ['no gradient of the bias', spoiled(conv, m => m.parameters.bias!.gradient.fill(0)), image, 'Conv2D/bias'],
  ['a gradient that is NaN', spoiled(dense, (_, dx) => dx.fill(Number.NaN, 3, 4)), vector, 'x'],
  [
    'dx added to what was there',
    withBackward(dense, right => (rows, x, y, dy, dx, pass) => {
      added(dx!, () => right(rows, x, y, dy, dx, pass))
    }),
    vector,
    'x',
  ],
  [
    'dw added to what was there',
    withBackward(dense, (right, { parameters }) => (rows, x, y, dy, dx, pass) => {
      added(parameters.kernel!.gradient, () => right(rows, x, y, dy, dx, pass))
    }),
    vector,
    'Dense/kernel',
  ],
  [
    'a batch without its last row',
    withBackward(dense, right => (rows, x, y, dy, dx, pass) => right(rows - 1, x, y, dy, dx, pass)),
    vector,
    '',
  ],
  [
    'the mask of relu inverted',
    withBackward(new Activation({ activation: 'relu' }), () => (_rows, _x, y, dy, dx) => {
      for (let i = 0; i < dy.length; i++) dx![i] = y[i] > 0 ? 0 : dy[i]
    }),
    vector,
    'x',
  ],
  [
    'sigmoid without its slope',
    withBackward(new Activation({ activation: 'sigmoid' }), () => (_rows, _x, _y, dy, dx) => dx!.set(dy)),
    vector,
    'x',
  ],
  [
    'max-pooling with the last of each window as its winner',
    withBackward(new MaxPool2D({ poolSize: 2 }), (right, { saved }) => (rows, x, y, dy, dx, pass) => {
      saved.winners!.fill(3)
      right(rows, x, y, dy, dx, pass)
    }),
    image,
    'x',
  ],
  [
    'dropout with the mask of another step',
    withBackward(new Dropout({ rate: 0.5 }), right => (rows, x, y, dy, dx, pass) => {
      right(rows, x, y, dy, dx, { ...pass, step: pass.step + 1 })
    }),
    [20],
    'x',
  ],
]

/** Throws unless gradCheck refuses something, and names this array. */
function expectCaught(
  subject: Parameters<typeof gradCheck>[0],
  options: GradCheckOptions,
  culprit: string,
): void {
  let error: unknown
  try {
    gradCheck(subject, options)
  } catch (caught) {
    error = caught
  }
  expect(error).toBeInstanceOf(GradientError)
  const { worst, message } = error as GradientError
  if (culprit) expect(worst.path).toBe(culprit)
  expect(message).toContain(`gradCheck: ${worst.path}[`)
}

describe('gradCheck of a layer catches', () => {
  test.each(wrongLayers)('%s', (_, layer, inputShape, culprit) => {
    for (const seed of [0, 1, 2]) expectCaught(layer, { inputShape, seed }, culprit)
  })

  test('nothing where the backward pass is right', () => {
    for (const layer of [dense, conv]) {
      const same = withBackward(layer, right => right)
      expect(gradCheck(same, { inputShape: layer === conv ? image : vector }).checked).toBeGreaterThan(20)
    }
  })
})

test('gradCheck of a model catches a wrong layer among right ones', () => {
  for (const [, layer, inputShape] of wrongLayers) {
    const before = new Activation({ activation: 'sigmoid' })
    const after = new Activation({ activation: 'softmax' })
    expectCaught(new Sequential([before, layer, after], { inputShape }), { rows: 2 }, '')
  }
})

const wrongLosses: [title: string, wrong: (right: Loss) => Loss][] = [
  [
    'a gradient that is not divided by the rows',
    right => ({
      ...right,
      row: (a, size, row, output, target, dOutput) => right.row(a, size, row, output, target, dOutput, 1),
    }),
  ],
  [
    'a gradient that is added to what was there',
    right => ({
      ...right,
      row(arithmetic, size, row, output, target, dOutput, scale) {
        const before = dOutput?.slice()
        const value = right.row(arithmetic, size, row, output, target, dOutput, scale)
        for (let i = row * size; dOutput && i < (row + 1) * size; i++) dOutput[i] += before![i]
        return value
      },
    }),
  ],
  [
    'a gradient of the wrong sign',
    right => ({
      ...right,
      row: (a, size, row, output, target, dOutput, scale) =>
        right.row(a, size, row, output, target, dOutput, -scale),
    }),
  ],
  [
    'no gradient for the first row',
    right => ({
      ...right,
      row: (a, size, row, output, target, dOutput, scale) =>
        right.row(a, size, row, output, target, row === 0 ? null : dOutput, scale),
    }),
  ],
]

describe.each([meanSquaredError(), sparseCategoricalCrossentropy()])('gradCheck of $name catches', right => {
  test.each(wrongLosses)('%s', (_, wrong) => {
    expectCaught(wrong(right), { inputShape: [4] }, 'output')
  })

  test('it in a model as well', () => {
    for (const [, wrong] of wrongLosses) {
      const model = new Sequential([new Dense({ units: 3, activation: 'sigmoid' })], { inputShape: [4] })
      model.compile({ loss: wrong(right) })
      expectCaught(model, {}, '')
    }
  })
})
