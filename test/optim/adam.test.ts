import { expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { referenceFloat32, referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { Adam } from '../../src/optim/adam.ts'
import { expectClose, expectSameBits } from '../support/compare.ts'

test('has Keras’ defaults, and keeps all its options as plain JSON', () => {
  const adam = new Adam()
  expect(adam.config).toEqual({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })
  adam.learningRate = 0.5
  expect(adam.config).toEqual({ learningRate: 0.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })
  expect(new Adam(adam.config).config).toEqual(adam.config)
})

test('adds epsilon outside the bias correction', () => {
  const values = Float64Array.of(0)
  const epsilon = 0.25
  new Adam({ learningRate: 1, epsilon }).bind(referenceFloat64, 1).step(values, Float64Array.of(4))
  const alpha = Math.sqrt(0.001) / 0.1
  expectClose(values, [(-alpha * 0.4) / (Math.sqrt(0.016) + epsilon)], { rtol: 1e-12, atol: 0 })
})

test('goes on exactly where it was from slots and scalars', () => {
  const optimizer = new Adam()
  const gradients = [0.3, -0.2, 0.7, 0.1].map(g => Float32Array.of(g, -g, 2 * g))
  const straight = Float32Array.of(1, 2, 3)
  const state = optimizer.bind(referenceFloat32, 3)
  for (const g of gradients.slice(0, 2)) state.step(straight, g)

  const resumed = straight.slice()
  const other = new Adam().bind(referenceFloat32, 3)
  for (const [name, array] of Object.entries(state.slots)) other.slots[name].set(array)
  Object.assign(other.scalars, JSON.parse(JSON.stringify(state.scalars)))

  for (const g of gradients.slice(2)) {
    state.step(straight, g)
    other.step(resumed, g)
  }
  expectSameBits(resumed, straight)
  expect(Object.keys(state.slots)).toEqual(['m', 'v'])
  expectClose([other.scalars.beta1Power!], [0.9 ** 4], { rtol: 1e-14, atol: 0 })
  expectClose([other.scalars.beta2Power!], [0.999 ** 4], { rtol: 1e-14, atol: 0 })
})

test('stays finite when the powers of beta have died away', () => {
  const state = new Adam().bind(referenceFloat64, 1)
  Object.assign(state.scalars, { beta1Power: 5e-324, beta2Power: 5e-324 })
  const values = Float64Array.of(1)
  state.step(values, Float64Array.of(1))
  expectClose(values, [1 - (0.001 * 0.1) / (Math.sqrt(0.001) + 1e-7)], { rtol: 1e-12, atol: 0 })
})

test.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY, '0.1', null])(
  'refuses the learning rate %s, now and later',
  rate => {
    const wrong = rate as number
    expect(() => new Adam({ learningRate: wrong })).toThrow(OptionError)
    const adam = new Adam({ learningRate: 0.25 })
    expect(() => {
      adam.learningRate = wrong
    }).toThrow(/^Adam: learningRate is .*, expected a finite number of at least 0$/)
    expect(adam.learningRate).toBe(0.25)
  },
)

test.each([
  [{ beta1: 1 }, 'Adam: beta1 is 1, expected a number of at least 0 and less than 1'],
  [{ beta2: -0.1 }, 'Adam: beta2 is -0.1, expected a number of at least 0 and less than 1'],
  [{ epsilon: 0 }, 'Adam: epsilon is 0, expected a finite number above 0'],
  [{ beta_1: 0.9 }, 'Adam: beta_1 is 0.9, expected the option beta1'],
])('refuses %j', (options, message) => {
  expect(() => new Adam(options as never)).toThrow(message)
  expect(() => new Adam(options as never)).toThrow(OptionError)
})

test('says what cannot have come of its steps', () => {
  const state = new Adam().bind(referenceFloat32, 2)
  const arrays = (...numbers: number[]) => ({ 'dense/kernel': Float32Array.from(numbers) })
  for (let t = 1; t <= 1000; t++) {
    state.step(Float32Array.of(1, 2), Float32Array.of(0.1, -0.2))
    const slots = { m: arrays(0, -1), v: arrays(-0, 1) }
    const scalars = { ...state.scalars }
    expect(state.problems!({ steps: t, slots, scalars })).toEqual([])
    // Powers of 0.9 can be told apart for as long as they have all digits.
    for (const steps of [t - 1, t + 1]) expect(state.problems!({ steps, slots, scalars })).toHaveLength(2)
  }
  const slots = { m: arrays(0, 0), v: arrays(0, -0.25) }
  expect(state.problems!({ steps: 0, slots, scalars: { beta1Power: 1, beta2Power: Number.NaN } })).toEqual([
    'v: dense/kernel has -0.25 at element 1, expected at least 0',
    'beta2Power is NaN after 0 steps, expected 1',
  ])
})

test('takes powers of any number of steps, down to where they end', () => {
  for (const beta1 of [0, 0.5, 0.9, 0.999]) {
    const state = new Adam({ beta1, beta2: beta1 }).bind(referenceFloat64, 1)
    let power = 1
    for (let steps = 1; steps <= 1_000_000; steps++) {
      power *= beta1
      if (steps % 9973 !== 0) continue
      const scalars = { beta1Power: power, beta2Power: power }
      expect(state.problems!({ steps, slots: { m: {}, v: {} }, scalars })).toEqual([])
    }
  }
})
