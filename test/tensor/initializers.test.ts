import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { type Initializer, type InitializerName, initializer } from '../../src/tensor/initializers.ts'
import { random } from '../../src/tensor/random.ts'
import { type Shape, sizeOf } from '../../src/tensor/shape.ts'
import { expectSameBits } from '../support/compare.ts'

interface Case {
  readonly name: InitializerName
  readonly shape: Shape
  readonly limit: number
  readonly deviation: number
}

/** Made by golden/initializers.py. */
const cases: Case[] = JSON.parse(
  readFileSync(new URL('../golden/initializers.json', import.meta.url), 'utf8'),
)

const named = (name: InitializerName) => initializer('Dense', 'kernelInitializer', name)

/** Parameters of a shape, one behind the other, until there are at least 40,000 values. */
function draw(initialize: Initializer, shape: Shape): Float64Array {
  const size = sizeOf(shape)
  const values = new Float64Array(Math.ceil(40_000 / size) * size)
  const next = random('initializers')
  for (let start = 0; start < values.length; start += size) {
    initialize(values.subarray(start, start + size), shape, next)
  }
  return values
}

/** The mean of f over the values. */
const mean = (values: Float64Array, f: (value: number) => number) =>
  values.reduce((sum, value) => sum + f(value), 0) / values.length

describe.each(cases)('$name of $shape', ({ name, shape, limit, deviation }) => {
  const values = draw(named(name), shape)

  test("stays within Keras' limit and comes near it on both sides", () => {
    const [least, most] = [Math.min(...values), Math.max(...values)]
    expect(least).toBeGreaterThanOrEqual(-limit)
    expect(most).toBeLessThanOrEqual(limit)
    expect(least).toBeLessThan(-0.99 * limit)
    expect(most).toBeGreaterThan(0.99 * limit)
  })

  test("has mean 0 and Keras' standard deviation, within four standard errors", () => {
    const standardError = deviation / Math.sqrt(values.length)
    expect(Math.abs(mean(values, value => value))).toBeLessThan(4 * standardError)
    const variance = mean(values, value => value ** 2)
    const fourthMoment = mean(values, value => value ** 4)
    const errorOfVariance = Math.sqrt((fourthMoment - variance ** 2) / values.length)
    expect(Math.abs(variance - deviation ** 2)).toBeLessThan(4 * errorOfVariance)
  })

  test('is flat where uniform, high in the middle where normal', () => {
    const central = mean(values, value => (Math.abs(value) < limit / 2 ? 1 : 0))
    // 0.7152 of a normal that is cut off at ±2 lies between ±1; four standard errors are 0.01.
    expect(Math.abs(central - (name.endsWith('Uniform') ? 0.5 : 0.7152))).toBeLessThan(0.01)
  })
})

test('zeros and ones', () => {
  const values = Float32Array.of(3, 4)
  named('ones')(values, [2], random(1))
  expectSameBits(values, [1, 1])
  named('zeros')(values, [2], random(1))
  expectSameBits(values, [0, 0])
})

test('the same generator gives the same weights, in either precision', () => {
  const single = new Float32Array(12)
  const double = new Float64Array(12)
  named('heNormal')(single, [3, 4], random(5))
  named('heNormal')(double, [3, 4], random(5))
  expectSameBits(single, Float32Array.from(double))
})

test("a vector's length is its fan in and fan out", () => {
  const values = draw(named('glorotUniform'), [50])
  const limit = Math.sqrt(6 / 100)
  expect(Math.max(...values)).toBeLessThanOrEqual(limit)
  expect(Math.max(...values)).toBeGreaterThan(0.99 * limit)
})

describe('initializer', () => {
  test('takes a function as it is', () => {
    const own: Initializer = values => values.fill(2)
    expect(initializer('Dense', 'kernelInitializer', own)).toBe(own)
  })

  test.each(['glorot_uniform', 'toString', '', 3, null, undefined])('refuses %j', given => {
    const find = () => initializer('Dense', 'kernelInitializer', given as never)
    expect(find).toThrow(OptionError)
    expect(find).toThrow(/^Dense: kernelInitializer is .*"glorotUniform", "heUniform"/)
  })
})
