import { expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { SGD } from '../../src/optim/sgd.ts'

test('has Keras’ defaults, and keeps all its options as plain JSON', () => {
  const sgd = new SGD()
  expect(sgd.config).toEqual({ learningRate: 0.01, momentum: 0, nesterov: false })
  const other = new SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true })
  expect(new SGD(other.config).config).toEqual({ learningRate: 0.1, momentum: 0.9, nesterov: true })
})

test('steps along the gradient, and with momentum keeps some of its velocity', () => {
  const plain = new SGD({ learningRate: 0.5 }).bind(referenceFloat64, 2)
  const moving = new SGD({ learningRate: 0.5, momentum: 0.5 }).bind(referenceFloat64, 2)
  const gradients = Float64Array.of(1, -2)
  const [a, b] = [Float64Array.of(0, 0), Float64Array.of(0, 0)]
  for (let step = 0; step < 2; step++) {
    plain.step(a, gradients)
    moving.step(b, gradients)
  }
  expect(Array.from(a)).toEqual([-1, 2])
  expect(Array.from(b)).toEqual([-1.25, 2.5])
  expect(plain.slots).toEqual({})
  expect(Array.from(moving.slots.velocity!)).toEqual([-0.75, 1.5])
})

test.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])(
  'refuses the learning rate %s, now and later',
  rate => {
    expect(() => new SGD({ learningRate: rate })).toThrow(OptionError)
    const sgd = new SGD({ learningRate: 0.25 })
    expect(() => {
      sgd.learningRate = rate
    }).toThrow(/^SGD: learningRate is .*, expected a finite number of at least 0$/)
    expect(sgd.learningRate).toBe(0.25)
  },
)

test.each([
  [{ momentum: 1 }, 'SGD: momentum is 1, expected a number of at least 0 and less than 1'],
  [{ momentum: 0.5, nesterov: 1 }, 'SGD: nesterov is 1, expected true or false'],
  [{ nesterov: true }, 'SGD: nesterov is true, expected false while momentum is 0'],
  [
    { lr: 0.1 },
    'SGD: lr is 0.1, expected no option of this name (options: learningRate, momentum, nesterov)',
  ],
])('refuses %j', (options, message) => {
  expect(() => new SGD(options as never)).toThrow(message)
  expect(() => new SGD(options as never)).toThrow(OptionError)
})
