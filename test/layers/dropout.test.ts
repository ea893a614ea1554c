import fc from 'fast-check'
import { expect, test } from 'vitest'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import { Dropout, type DropoutOptions } from '../../src/layers/dropout.ts'
import type { Pass } from '../../src/layers/layer.ts'
import { gradCheck } from '../../src/testing/grad-check.ts'
import { expectSameBits } from '../support/compare.ts'
import { drawnGeometries, shapes } from '../support/geometries.ts'
import { expectRefusal } from '../support/refusals.ts'

const SIZE = 64

/** What Dropout makes of ones. */
function dropped(options: DropoutOptions, pass: Partial<Pass> = {}, index = 2): Float32Array {
  const memory = { inputShape: [SIZE], outputShape: [SIZE], parameters: {}, saved: {}, index }
  const x = new Float32Array(SIZE).fill(1)
  const step = new Dropout(options).bind(referenceFloat32, memory)
  step.forward(1, x, x, { training: true, seed: 5, step: 9, ...pass })
  return x
}

const key = (options: DropoutOptions, pass: Partial<Pass> = {}, index?: number) =>
  dropped(options, pass, index).join()

test('its backward pass has the gradients of its forward pass', () => {
  const rates = fc.constantFrom(0, 0.17, 0.5, 0.9)
  fc.assert(
    fc.property(shapes, rates, fc.nat(), (inputShape, rate, seed) => {
      gradCheck(new Dropout({ rate }), { inputShape, seed })
    }),
    drawnGeometries,
  )
})

test('drops in training alone', () => {
  expectSameBits(dropped({ rate: 0.5 }, { training: false }), new Array(SIZE).fill(1))
  expect(new Set(dropped({ rate: 0.5 }))).toEqual(new Set([0, 2]))
  expect(new Set(dropped({ rate: 0.2 }))).toEqual(new Set([0, 1.25]))
})

test('has a mask for each seed of the pass, step and place in the model', () => {
  const rate = 0.5
  const masks = [
    key({ rate }),
    key({ rate }, { seed: 6 }),
    key({ rate }, { seed: 0 }),
    key({ rate }, { step: 10 }),
    key({ rate }, {}, 3),
  ]
  expect(new Set(masks).size).toBe(masks.length)
  expect(key({ rate })).toBe(masks[0])
})

test('has masks of its own seed instead, another at each step', () => {
  const options = { rate: 0.5, seed: 7 }
  expect(key(options, { seed: 1 })).toBe(key(options, { seed: 2 }))
  expect(key(options, { step: 1 })).not.toBe(key(options, { step: 2 }))
  expect(key({ ...options, seed: 0 })).not.toBe(key(options))
  expect(key({ ...options, seed: 0 }, { seed: 1 })).toBe(key({ ...options, seed: 0 }, { seed: 2 }))
})

test('its config tells whether it has a seed of its own', () => {
  expect(new Dropout({ rate: 0.17 }).config).toEqual({ rate: 0.17, seed: null })
  expect(new Dropout({ rate: 0.17, seed: 0 }).config).toEqual({ rate: 0.17, seed: 0 })
})

test.each([
  [{ rate: 1 }, 'rate', 'rate is 1, expected a number of at least 0 and less than 1'],
  [{ rate: -0.1 }, 'rate', 'rate is -0.1'],
  [{ rate: Number.NaN }, 'rate', 'rate is NaN'],
  [{ rate: '0.5' }, 'rate', 'rate is "0.5"'],
  [{}, 'rate', 'rate is undefined'],
  [{ rate: 0.5, seed: -1 }, 'seed', 'seed is -1, expected a whole number of at least 0'],
  [{ rate: 0.5, noiseShape: [1] }, 'noiseShape', 'expected no option of this name'],
])('refuses %j', (options, option, message) => {
  expectRefusal(() => new Dropout(options as never), 'Dropout', option, message)
})
