import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { referenceFloat32, referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { Adam } from '../../src/optim/adam.ts'
import { SGD } from '../../src/optim/sgd.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { expectClose, type Tolerance } from '../support/compare.ts'

const makers = { adam: Adam, sgd: SGD }

/** As golden/optimizers.py writes it. */
interface Golden {
  readonly start: readonly number[]
  /** For each step. */
  readonly gradients: readonly (readonly number[])[]
  readonly cases: readonly {
    readonly optimizer: keyof typeof makers
    readonly options: { readonly [option: string]: never }
    readonly learningRates: readonly number[] | null
    /** The weights after each step. */
    readonly after: readonly (readonly number[])[]
  }[]
}

const path = new URL('../golden/optimizers.json', import.meta.url)
const { start, gradients, cases }: Golden = JSON.parse(readFileSync(path, 'utf8'))

describe.each(cases)('$optimizer $options, learning rates $learningRates', c => {
  function check<A extends Real>(kernels: Kernels<A>, tolerance: Tolerance): void {
    const optimizer = new makers[c.optimizer](c.options)
    const state = optimizer.bind(kernels, start.length)
    const values = kernels.allocate(start.length)
    const gradient = kernels.allocate(start.length)
    values.set(start)
    for (const [step, ofStep] of gradients.entries()) {
      if (c.learningRates) optimizer.learningRate = c.learningRates[step]
      gradient.set(ofStep)
      state.step(values, gradient)
      expectClose(values, c.after[step], tolerance, `weights after step ${step + 1}`)
      expect(Array.from(gradient)).toEqual(ofStep)
    }
  }

  test('equals Keras in float64', () => check(referenceFloat64, { rtol: 1e-12, atol: 1e-13 }))
  test('is near Keras in float32', () => check(referenceFloat32, { rtol: 2e-6, atol: 1e-7 }))
})
