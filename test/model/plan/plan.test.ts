import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PReLU } from '../../../examples/custom-layer.ts'
import type { Kernels } from '../../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'
import { Activation } from '../../../src/layers/activation.ts'
import { Conv2D } from '../../../src/layers/conv2d.ts'
import { Dense } from '../../../src/layers/dense.ts'
import { Dropout } from '../../../src/layers/dropout.ts'
import { Flatten } from '../../../src/layers/flatten.ts'
import type { Layer, Pass } from '../../../src/layers/layer.ts'
import { MaxPool2D } from '../../../src/layers/max-pool2d.ts'
import { Rescaling } from '../../../src/layers/rescaling.ts'
import type { ChainLink } from '../../../src/model/plan/chain.ts'
import type { LayoutOptions } from '../../../src/model/plan/layout.ts'
import { Network } from '../../../src/model/plan/network.ts'
import { parametersByLink } from '../../../src/model/plan/parameters.ts'
import { Plan } from '../../../src/model/plan/plan.ts'
import { random } from '../../../src/tensor/random.ts'
import { sizeOf } from '../../../src/tensor/shape.ts'
import { expectClose, expectSameBits } from '../../support/compare.ts'

const ROWS = 3
const pass: Pass = { training: true, seed: 4, step: 2 }

/** Layers that take images and give images. */
const onImages: (() => Layer)[] = [
  () => new Conv2D({ filters: 3, kernelSize: 2, padding: 'same', activation: 'relu' }),
  () => new Conv2D({ filters: 2, kernelSize: 3, padding: 'same', strides: 2 }),
  () => new MaxPool2D({ padding: 'same' }),
  () => new MaxPool2D({ poolSize: 17, strides: 1, padding: 'same' }),
  () => new Activation({ activation: 'relu' }),
  () => new Activation({ activation: 'softmax' }),
  () => new Activation({ activation: 'linear' }),
  () => new Dropout({ rate: 0.3 }),
  () => new Dropout({ rate: 0 }),
  () => new Rescaling({ scale: 1.5, offset: 0.1 }),
  () => new PReLU(),
]

const onVectors: (() => Layer)[] = [
  () => new Dense({ units: 4, activation: 'sigmoid' }),
  () => new Dense({ units: 3 }),
  () => new Dropout({ rate: 0.3 }),
  () => new Activation({ activation: 'relu' }),
  () => new Flatten(),
]

const networks = fc
  .record({
    images: fc.array(fc.constantFrom(...onImages), { maxLength: 6 }),
    vectors: fc.array(fc.constantFrom(...onVectors), { maxLength: 3 }),
    input: fc.constantFrom([4, 5, 2], [3, 1, 1], [6, 6, 1]),
  })
  .map(({ images, vectors, input }) => {
    const layers = [...images, () => new Flatten(), ...vectors].map((make, i) => {
      return { name: `layer_${i}`, layer: make() }
    })
    return new Network(referenceFloat32, layers, input, 1)
  })

interface Results {
  readonly y: Float32Array
  readonly dx: Float32Array | null
  readonly gradients: Float32Array
}

function numbers(key: string, n: number): Float32Array {
  const next = random('plan', key)
  return Float32Array.from({ length: n }, () => 2 * next() - 1)
}

const batch = ({ inputShape, outputShape }: Network<Float32Array>) => ({
  x: numbers('x', ROWS * sizeOf(inputShape)),
  dy: numbers('dy', ROWS * sizeOf(outputShape)),
})

/** The same steps, with memory of its own for every array. */
function apart(network: Network<Float32Array>): Results {
  const { links, placed, values } = network
  const gradients = new Float32Array(values.length)
  const { x, dy } = batch(network)
  const parameters = parametersByLink(placed, values, gradients)
  const steps = links.map(({ layer, inputShape, outputShape, needs }, index) => {
    const saved = Object.entries(needs.saved ?? {}).map(([name, { perRow }]) => {
      return [name, new Int32Array(ROWS * perRow)]
    })
    return layer.bind(referenceFloat32, {
      inputShape,
      outputShape,
      index,
      parameters: parameters.get(index) ?? {},
      saved: Object.fromEntries(saved),
    })
  })
  const isView = (k: number) => links[k].needs.inPlace === 'view'
  const activations = [x]
  for (const [k, step] of steps.entries()) {
    const y = isView(k) ? activations[k] : new Float32Array(ROWS * sizeOf(links[k].outputShape))
    step.forward(ROWS, activations[k], y, pass)
    activations.push(y)
  }
  let gradient = dy
  for (let k = steps.length - 1; k >= 0; k--) {
    const dx = isView(k) ? gradient : new Float32Array(ROWS * sizeOf(links[k].inputShape))
    steps[k].backward(ROWS, activations[k], activations[k + 1], gradient, dx, pass)
    gradient = dx
  }
  return { y: activations.at(-1)!, dx: gradient, gradients }
}

/** Kernels in whose memory something lies before it is used: NaN, which whoever reads it hands on. */
const littered: Kernels<Float32Array> = {
  ...referenceFloat32,
  allocate: length => new Float32Array(length).fill(Number.NaN),
}

/** A pass through a plan of these links in littered memory. */
function planned(
  network: Network<Float32Array>,
  options: Omit<LayoutOptions, 'bytesPerReal'>,
  links: readonly ChainLink[] = network.links,
): Results {
  const { placed, values } = network
  const { x, dy } = batch(network)
  const gradients = new Float32Array(values.length)
  for (const { offset, size } of placed) gradients.fill(Number.NaN, offset, offset + size)
  const plan = new Plan({ kernels: littered, links, placed, values }, gradients, options)
  plan.input.set(x)
  plan.forward(ROWS, pass)
  const y = plan.output.slice(0, dy.length)
  plan.dOutput?.set(dy)
  plan.backward(ROWS, pass)
  return { y, dx: plan.dInput?.slice(0, x.length) ?? null, gradients }
}

describe('a plan gives the bits that its steps give with memory of their own', () => {
  test('in training, with and without the gradient of the input', () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: ROWS, max: 2 * ROWS }), (network, rows) => {
        const expected = apart(network)
        const whole = planned(network, { maxRows: rows, training: true, inputGradient: true })
        expectSameBits(whole.y, expected.y, 'y')
        expectSameBits(whole.dx!, expected.dx!, 'dx')
        const lean = planned(network, { maxRows: rows, training: true })
        expectSameBits(lean.y, expected.y, 'y without dx')
        if (network.parameterCount === 0) return
        expectSameBits(whole.gradients, expected.gradients, 'gradients')
        expectSameBits(lean.gradients, expected.gradients, 'gradients without dx')
      }),
    )
  })

  test('and with fused steps, but for another order of additions in weight gradients', () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: ROWS, max: 2 * ROWS }), (network, rows) => {
        const expected = apart(network)
        const options = { maxRows: rows, training: true, inputGradient: true }
        const { y, dx, gradients } = planned(network, options, network.steps)
        expectSameBits(y, expected.y, 'y')
        expectSameBits(dx!, expected.dx!, 'dx')
        if (network.parameterCount === 0) return
        const largest = expected.gradients.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
        expectClose(gradients, expected.gradients, { rtol: 0, atol: 1e-5 * largest }, 'gradients')
      }),
    )
  })

  test('in inference, fused or not', () => {
    fc.assert(
      fc.property(networks, network => {
        const { y, dx, gradients } = planned(network, { maxRows: ROWS })
        expectSameBits(y, apart(network).y, 'y')
        expectSameBits(planned(network, { maxRows: ROWS }, network.steps).y, y, 'y of fused steps')
        expect(dx).toBe(null)
        expect(gradients.every(gradient => gradient === 0 || Number.isNaN(gradient))).toBe(true)
      }),
    )
  })
})

const flat = new Network(
  referenceFloat32,
  [
    { name: 'scaled', layer: new Rescaling({ scale: 2 }) },
    { name: 'head', layer: new Dense({ units: 2, activation: 'relu' }) },
  ],
  [3],
  1,
)

test('runs again and again with the same bits, fewer rows or other data in between', () => {
  const plan = flat.trainingPlan(4)
  const run = (rows: number, key: string) => {
    plan.input.set(numbers(key, 3 * rows))
    plan.forward(rows, pass)
    plan.dOutput!.set(numbers(`${key} dy`, 2 * rows))
    plan.backward(rows, pass)
    return { y: plan.output.slice(0, 2 * rows), gradients: flat.gradients.slice() }
  }
  const first = run(4, 'a')
  run(1, 'b')
  run(4, 'c')
  const again = run(4, 'a')
  expectSameBits(again.y, first.y)
  expectSameBits(again.gradients, first.gradients)
})

test('shares the weights of its network, and has its own activations', () => {
  const [one, other] = [flat.inferencePlan(1), flat.trainingPlan(1)]
  one.input.set([1, 2, 3])
  one.forward(1, pass)
  const y = one.output.slice()
  other.input.set([-4, 5, 6])
  other.forward(1, pass)
  expectSameBits(one.output, y)
  const { offset } = flat.placed.find(({ name }) => name === 'bias')!
  flat.values[offset] = 100
  one.input.set([1, 2, 3])
  one.forward(1, pass)
  expect(one.output[0]).toBeGreaterThan(90)
  flat.values[offset] = 0
})

test('names the layer of each step, and takes as many rows as it was made for', () => {
  const plan = flat.trainingPlan(7)
  expect(plan.maxRows).toBe(7)
  expect(plan.steps.map(({ owner }) => owner)).toEqual(['scaled', 'head', 'head'])
  expect([plan.input.length, plan.output.length, plan.dOutput!.length]).toEqual([21, 14, 14])
})

test('has the same array on both sides of a step that works in place', () => {
  const [scaled, dense, relu] = flat.trainingPlan(2).steps
  expect(scaled!.x).toBe(scaled!.y)
  expect(dense!.x).toBe(scaled!.y)
  expect(relu!.x).toBe(relu!.y)
  expect(relu!.dx).toBe(relu!.dy)
  expect(dense!.dx).toBe(null)
})
