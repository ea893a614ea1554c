import { describe, expect, test } from 'vitest'
import type { Kernels } from '../../src/kernels/kernels.ts'
import type { Layer } from '../../src/layers/layer.ts'
import { type ChainLink, chain } from '../../src/model/plan/chain.ts'
import { Network } from '../../src/model/plan/network.ts'
import { type Shape, sizeOf } from '../../src/tensor/shape.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { kernelSets } from './kernel-sets.ts'
import { GARBAGE } from './kernels.ts'
import { Bench, batchFor, expectSameResults, type Results, ROOM, ROWS } from './layer-bench.ts'

/** A layer, and two shapes of input that it takes. */
export type LayerCase = readonly [title: string, layer: Layer, input: Shape, otherInput: Shape]

/**
 * Tests everything that a model relies on in a layer: those that all layers have to pass, built-in or not.
 *
 * @example
 * layerContract([['my layer', new MyLayer({ slope: 0.1 }), [4, 4, 2], [3, 5, 1]]])
 */
export function layerContract(cases: readonly LayerCase[]): void {
  describe.each(cases)('%s', (_, layer, input) => {
    test('is made again by its config, once that was JSON', () => {
      const Class = layer.constructor as new (options: object) => Layer
      const again = new Class(JSON.parse(JSON.stringify(layer.config)))
      expect(again.config).toEqual(layer.config)
      expectSameResults(trained(again, input), trained(layer, input))
    })
  })
  stepContract(cases)
}

/** The part of the contract that fused layers keep too, which models make of layers, and never of a config. */
export function stepContract(cases: readonly LayerCase[]): void {
  describe.each(cases)('%s', (_, layer, input, otherInput) => {
    test('has the gradients that finite differences have', () => {
      const { checked, kinks } = gradCheck(layer, { inputShape: input })
      expect(checked).toBeGreaterThan(kinks)
    })

    test.each(kernelSets)('gives the same bits in a plan for more rows, with %s kernels', (_, kernels) => {
      expectSameResults(trained(layer, input, kernels, ROOM), trained(layer, input, kernels))
    })

    test('serves two models at once', () => {
      const [alone, otherAlone] = [trained(layer, input), trained(layer, otherInput)]
      const [one, other] = [training(layer, input), training(layer, otherInput)]
      for (const step of [one.forward, other.forward, one.backward, other.backward]) step()
      expectSameResults(one.results(), alone)
      expectSameResults(other.results(), otherAlone)
    })

    const parts = chain([{ name: 'layer', layer }], input)
    describe.each(parts.map(link => [link.layer.type, link] as const))('its part %s', (_, link) => {
      describe.each(kernelSets)('with %s kernels', (_, kernels) => {
        partContract(kernels, link)
      })
    })
  })
}

function partContract(kernels: Kernels<Real>, link: ChainLink): void {
  const { inPlace } = link.needs
  const mustShare = inPlace === 'view'
  const batch = batchFor(link, 'first')

  test('writes its rows, and touches no others', () => {
    const { y, dx } = new Bench(kernels, link).run(batch, { inPlace: mustShare })
    expect(y).toHaveLength(ROWS * sizeOf(link.layer.outputShape(link.inputShape)))
    expect(y).not.toContain(GARBAGE)
    expect(dx).not.toContain(GARBAGE)
  })

  test('overwrites, whatever was there before', () => {
    const bench = new Bench(kernels, link)
    const expected = bench.run(batch, { inPlace: mustShare })
    for (const garbage of [Number.NaN, -3]) {
      expectSameResults(bench.run(batch, { inPlace: mustShare, garbage }), expected)
    }
  })

  test('keeps nothing from one pass to the next', () => {
    const bench = new Bench(kernels, link)
    const before = bench.run(batch, { inPlace: mustShare })
    bench.run(batchFor(link, 'second', { training: true, seed: 8, step: 4 }), { inPlace: mustShare })
    bench.run(batchFor(link, 'third', { training: false, seed: 0, step: 0 }), { inPlace: mustShare })
    expectSameResults(bench.run(batch, { inPlace: mustShare }), before)
  })

  test('does without dx where it is not wanted', () => {
    const bench = new Bench(kernels, link)
    const { y, gradients } = bench.run(batch, { inPlace: mustShare })
    const without = bench.run(batch, { inPlace: mustShare, wanted: false })
    expectSameResults(without, { y, dx: null, gradients })
  })

  if (inPlace !== 'overwrite') return
  test('gives the same bits in place', () => {
    for (const training of [true, false]) {
      const pass = { ...batch.pass, training }
      const bench = new Bench(kernels, link)
      const apart = bench.run({ ...batch, pass }, { inPlace: false })
      expectSameResults(bench.run({ ...batch, pass }, { inPlace: true }), apart)
    }
  })
}

/** A model of one layer, bound to a plan, in two halves. */
function training(layer: Layer, input: Shape, kernels: Kernels<Real> = kernelSets[0][1], rows = ROWS) {
  const network = new Network(kernels, [{ name: 'layer', layer }], input, 11)
  const plan = network.trainingPlan(rows, true)
  const { x, dy, pass } = batchFor(network, 'plan')
  let y: Real
  return {
    forward: () => {
      plan.input.set(x)
      plan.forward(ROWS, pass)
      y = plan.output.slice(0, dy.length) as Real
    },
    backward: () => {
      plan.dOutput!.set(dy)
      plan.backward(ROWS, pass)
    },
    results: (): Results => ({
      y,
      dx: plan.dInput!.slice(0, x.length) as Real,
      gradients: { all: Float64Array.of(0, ...network.gradients) },
    }),
  }
}

function trained(layer: Layer, input: Shape, kernels?: Kernels<Real>, rows?: number): Results {
  const { forward, backward, results } = training(layer, input, kernels, rows)
  forward()
  backward()
  return results()
}
