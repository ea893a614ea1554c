import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { referenceFloat32, referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { Activation } from '../../src/layers/activation.ts'
import { Conv2D } from '../../src/layers/conv2d.ts'
import { Dense } from '../../src/layers/dense.ts'
import { Dropout } from '../../src/layers/dropout.ts'
import { Flatten } from '../../src/layers/flatten.ts'
import type { Layer } from '../../src/layers/layer.ts'
import { MaxPool2D } from '../../src/layers/max-pool2d.ts'
import { Rescaling } from '../../src/layers/rescaling.ts'
import { Network } from '../../src/model/plan/network.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { expectClose, type Tolerance } from '../support/compare.ts'

/** One line of golden/layers.json; golden/layers.py makes them. */
interface Case {
  readonly layer: keyof typeof layers
  /** Options of any of the layers: its constructor checks them. */
  readonly options: never
  readonly input: Values
  readonly parameters: { readonly [name: string]: Values }
  readonly output: Values
  readonly dy: readonly number[]
  readonly dx: readonly number[]
  readonly gradients: { readonly [name: string]: readonly number[] }
}

interface Values {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

const layers = { Conv2D, MaxPool2D, Dense, Flatten, Rescaling, Activation, Dropout }

const cases: Case[] = JSON.parse(readFileSync(new URL('../golden/layers.json', import.meta.url), 'utf8'))

const titled = cases.map((golden, i) => {
  const { layer, options, input } = golden
  return [`${i + 1}: ${layer} ${JSON.stringify(options)} on [${input.shape}]`, golden] as const
})

/** Runs a layer forward and backward in a network of its own, and compares all that comes out. */
function check<A extends Real>(kernels: Kernels<A>, golden: Case, tolerance: Tolerance): void {
  const [rows, ...input] = golden.input.shape as [number, ...number[]]
  const layer: Layer = new layers[golden.layer](golden.options)
  const network = new Network(kernels, [{ name: 'layer', layer }], input, 1)
  const plan = network.trainingPlan(rows, true)
  const pass = { training: true, seed: 0, step: 0 }

  expect([rows, ...network.outputShape]).toEqual(golden.output.shape)
  expect(network.placed.map(({ name }) => name)).toEqual(Object.keys(golden.parameters))
  for (const { name, shape, offset } of network.placed) {
    const parameter = golden.parameters[name]
    expect(shape).toEqual(parameter.shape)
    network.values.set(parameter.data, offset)
  }

  plan.input.set(golden.input.data)
  plan.forward(rows, pass)
  expectClose(plan.output, golden.output.data, tolerance, 'output')
  plan.dOutput!.set(golden.dy)
  plan.backward(rows, pass)
  expectClose(plan.dInput!, golden.dx, tolerance, 'dx')
  for (const { name, offset, size } of network.placed) {
    const gradient = network.gradients.subarray(offset, offset + size)
    expectClose(gradient, golden.gradients[name], tolerance, `gradient of ${name}`)
  }
}

test('every layer has golden cases', () => {
  expect(new Set(cases.map(({ layer }) => layer))).toEqual(new Set(Object.keys(layers)))
})

describe('float64 equals PyTorch', () => {
  test.each(titled)('%s', (_title, golden) => {
    check(referenceFloat64, golden, { rtol: 1e-10, atol: 1e-12 })
  })
})

describe('float32 equals PyTorch', () => {
  test.each(titled)('%s', (_title, golden) => {
    check(referenceFloat32, golden, { rtol: 1e-5, atol: 1e-6 })
  })
})
