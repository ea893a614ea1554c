import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { random } from '../../src/tensor/random.ts'
import { kernelSets } from '../support/kernel-sets.ts'
import { centred, expectWritten, inputs, tail } from '../support/kernels.ts'

const share = fc.double({ min: 0, max: 0.999, noNaN: true })
const small = fc.double({ min: 1e-8, max: 1, noNaN: true })
const length = fc.integer({ min: 1, max: 19 })

describe.each(kernelSets)('%s', (_, kernels, round) => {
  test('adam takes the step of its definition', () => {
    const step = fc.record({ alpha: small, beta1: share, beta2: share, epsilon: small })
    fc.assert(
      fc.property(length, step, fc.nat(), (n, step, seed) => {
        const draw = centred(random(seed))
        const values = inputs(kernels, n, draw)
        const gradients = inputs(kernels, n, draw)
        const m = inputs(kernels, n, draw)
        const v = inputs(kernels, n, () => Math.abs(draw()))
        const before = { values: values.slice(), m: m.slice(), v: v.slice() }

        const ms = Array.from(gradients.subarray(0, n), (g, i) =>
          round(m[i] + round(round(g - m[i]) * round(1 - step.beta1))),
        )
        const vs = Array.from(gradients.subarray(0, n), (g, i) =>
          round(v[i] + round(round(round(g * g) - v[i]) * round(1 - step.beta2))),
        )
        const thetas = ms.map((m, i) => {
          const denominator = round(round(Math.sqrt(vs[i])) + round(step.epsilon))
          return round(values[i] - round(round(m * round(step.alpha)) / denominator))
        })
        const kept = gradients.slice()
        kernels.adam(n, step, values, gradients, m, v)
        expectWritten(values, thetas, 'θ', tail(before.values, n))
        expectWritten(m, ms, 'm', tail(before.m, n))
        expectWritten(v, vs, 'v', tail(before.v, n))
        expect(gradients).toEqual(kept)
      }),
    )
  })

  test.each([
    ['with momentum', false],
    ['with Nesterov momentum', true],
  ])('sgd takes the step of its definition %s', (_, nesterov) => {
    fc.assert(
      fc.property(length, small, share, fc.nat(), (n, learningRate, momentum, seed) => {
        const draw = centred(random(seed))
        const values = inputs(kernels, n, draw)
        const gradients = inputs(kernels, n, draw)
        const velocity = inputs(kernels, n, draw)
        const before = { values: values.slice(), velocity: velocity.slice() }

        const slopes = Array.from(gradients.subarray(0, n), g => round(round(learningRate) * g))
        const vs = slopes.map((slope, i) => round(round(round(momentum) * velocity[i]) - slope))
        const thetas = vs.map((v, i) =>
          round(values[i] + (nesterov ? round(round(round(momentum) * v) - slopes[i]) : v)),
        )
        kernels.sgd(n, { learningRate, momentum, nesterov }, values, gradients, velocity)
        expectWritten(values, thetas, 'θ', tail(before.values, n))
        expectWritten(velocity, vs, 'velocity', tail(before.velocity, n))
      }),
    )
  })

  test('sgd takes the step of its definition without a velocity', () => {
    fc.assert(
      fc.property(length, small, fc.nat(), (n, learningRate, seed) => {
        const draw = centred(random(seed))
        const values = inputs(kernels, n, draw)
        const gradients = inputs(kernels, n, draw)
        const before = values.slice()
        const thetas = Array.from(before.subarray(0, n), (value, i) =>
          round(value - round(round(learningRate) * gradients[i])),
        )
        kernels.sgd(n, { learningRate, momentum: 0, nesterov: false }, values, gradients, null)
        expectWritten(values, thetas, 'θ', tail(before, n))
      }),
    )
  })
})
