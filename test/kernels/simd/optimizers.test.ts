import { describe, test } from 'vitest'
import type { Kernels } from '../../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'
import { writeModule } from '../../../src/kernels/simd/assembly/write-module.ts'
import { optimizerKernels, optimizerTasks } from '../../../src/kernels/simd/optimizers.ts'
import { alone } from '../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../src/kernels/simd/runtime/machine.ts'
import { random } from '../../../src/tensor/random.ts'
import { expectSameBits } from '../../support/compare.ts'
import { centred } from '../../support/kernels.ts'
import { lengths, mixed, twins } from '../../support/twins.ts'

const machine = new Machine(writeModule(optimizerTasks), alone)
const simd = optimizerKernels(machine)

type Step = (
  kernels: Pick<Kernels, 'adam' | 'sgd'>,
  n: number,
  values: Float32Array,
  gradients: Float32Array,
  a: Float32Array,
  b: Float32Array,
) => void

const rates = { learningRate: 0.0123, momentum: 0.9 }

const steps: [string, Step][] = [
  [
    'adam',
    (k, n, ...arrays) => k.adam(n, { alpha: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }, ...arrays),
  ],
  [
    'adam with other numbers',
    (k, n, ...arrays) => k.adam(n, { alpha: 0.3, beta1: 0, beta2: 1 - 1e-9, epsilon: 1e-46 }, ...arrays),
  ],
  [
    'sgd without a velocity',
    (k, n, values, gradients) => k.sgd(n, { ...rates, nesterov: false }, values, gradients, null),
  ],
  [
    'sgd with momentum',
    (k, n, values, gradients, v) => k.sgd(n, { ...rates, nesterov: false }, values, gradients, v),
  ],
  [
    'sgd with Nesterov momentum',
    (k, n, values, gradients, v) => k.sgd(n, { ...rates, nesterov: true }, values, gradients, v),
  ],
]

describe.each(steps)('%s', (_, step) => {
  test.each([
    ['of ordinary numbers', false],
    ['of numbers of all kinds', true],
  ])('equals the reference bit for bit after three steps %s', (_, special) => {
    for (const n of lengths) {
      const next = random(n)
      const draw = special ? mixed(next) : centred(next)
      const square = special ? draw : () => Math.abs(draw())
      const arrays = twins(machine, n, [draw, draw, draw, square])
      const [values, gradients, a, b] = arrays
      for (let t = 0; t < 3; t++) {
        step(referenceFloat32, n, values.reference, gradients.reference, a.reference, b.reference)
        step(simd, n, values.simd, gradients.simd, a.simd, b.simd)
      }
      for (const { simd, reference } of arrays) expectSameBits(simd, reference, `${n} elements`)
    }
  })
})
