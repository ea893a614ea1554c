import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { referenceFloat32, referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts'
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts'
import type { Loss } from '../../src/losses/loss.ts'
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts'
import { sparseCategoricalCrossentropy } from '../../src/losses/sparse-categorical-crossentropy.ts'
import { expectClose } from '../support/compare.ts'

/** As `golden/losses.py` writes it. */
interface Golden {
  readonly loss: keyof typeof makers
  readonly options: { readonly fromLogits?: boolean }
  readonly outputs: string
  readonly targets: string
  readonly size: number
  readonly output: number[]
  readonly target: number[]
  readonly value: number[]
  readonly gradient: number[]
}

const makers = {
  sparseCategoricalCrossentropy,
  categoricalCrossentropy,
  binaryCrossentropy,
  meanSquaredError,
} satisfies { [name: string]: (options: { fromLogits?: boolean }) => Loss }

const path = new URL('../golden/losses.json', import.meta.url)
const golden: Golden[] = JSON.parse(readFileSync(path, 'utf8'))

/** Values and gradients of all rows, the gradients times `scale`. */
function run(precision: 32 | 64, c: Golden, scale: number) {
  const loss = makers[c.loss](c.options)
  const { arithmetic } = precision === 32 ? referenceFloat32 : referenceFloat64
  const array = precision === 32 ? Float32Array : Float64Array
  const output = new array(c.output)
  const target = loss.target === 'class' ? new Int32Array(c.target) : new array(c.target)
  const gradient = new array(c.output.length).fill(Number.NaN)
  const value = c.value.map((_, row) =>
    loss.row(
      arithmetic,
      c.size,
      row,
      output as Float64Array,
      target as Float64Array,
      gradient as Float64Array,
      scale,
    ),
  )
  return { value, gradient }
}

describe.each(golden)('$loss $options of $outputs and $targets', c => {
  test('in float64 equals PyTorch', () => {
    const { value, gradient } = run(64, c, 1)
    expectClose(value, c.value, { rtol: 1e-12, atol: 1e-13 }, 'value')
    expectClose(gradient, c.gradient, { rtol: 1e-11, atol: 1e-14 }, 'gradient')
  })

  test('multiplies the gradient by the scale', () => {
    const scale = 0.1875
    const { value, gradient } = run(64, c, scale)
    expectClose(value, c.value, { rtol: 1e-12, atol: 1e-13 }, 'value')
    const scaled = c.gradient.map(g => g * scale)
    expectClose(gradient, scaled, { rtol: 1e-11, atol: 1e-14 }, 'gradient')
  })

  // Near 1, float32 cannot tell 1 − 1e-7 from 1 − 1.2e-7, which makes a logarithm of 15.9 from one of 16.1.
  const rtol = c.outputs === 'saturated' ? 0.02 : 2e-6

  test('in float32 is near, and of float32 numbers alone', () => {
    const { value, gradient } = run(32, c, 1)
    expectClose(value, c.value, { rtol, atol: 1e-6 }, 'value')
    for (const number of value) expect(number).toBe(Math.fround(number))
    if (c.outputs !== 'saturated') expectClose(gradient, c.gradient, { rtol, atol: 1e-6 }, 'gradient')
  })
})

test('golden values cover every loss and option', () => {
  const covered = new Set(golden.map(c => `${c.loss} ${c.options.fromLogits}`))
  expect([...covered].sort()).toEqual([
    'binaryCrossentropy false',
    'binaryCrossentropy true',
    'categoricalCrossentropy false',
    'categoricalCrossentropy true',
    'meanSquaredError undefined',
    'sparseCategoricalCrossentropy false',
    'sparseCategoricalCrossentropy true',
  ])
})
