import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Arithmetic } from '../../src/kernels/kernels.ts'
import { referenceFloat32, referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts'
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts'
import type { Loss } from '../../src/losses/loss.ts'
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts'
import { sparseCategoricalCrossentropy } from '../../src/losses/sparse-categorical-crossentropy.ts'
import { expectClose, expectSameBits } from '../support/compare.ts'

const probability = fc.double({ min: 0.1, max: 0.9, noNaN: true })
const real = fc.double({ min: -8, max: 8, noNaN: true })

/** Every loss with every option, and outputs away from its kinks. */
const losses: [title: string, loss: Loss, output: fc.Arbitrary<number>][] = [
  ['sparseCategoricalCrossentropy', sparseCategoricalCrossentropy(), probability],
  ['sparseCategoricalCrossentropy of logits', sparseCategoricalCrossentropy({ fromLogits: true }), real],
  ['categoricalCrossentropy', categoricalCrossentropy(), probability],
  ['categoricalCrossentropy of logits', categoricalCrossentropy({ fromLogits: true }), real],
  ['binaryCrossentropy', binaryCrossentropy(), probability],
  ['binaryCrossentropy of logits', binaryCrossentropy({ fromLogits: true }), real],
  ['meanSquaredError', meanSquaredError(), real],
]

/** A batch of rows for a loss. */
const batchFor = (loss: Loss, output: fc.Arbitrary<number>) =>
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 7 })).chain(([rows, size]) => {
    const many = (one: fc.Arbitrary<number>, n: number) => fc.array(one, { minLength: n, maxLength: n })
    const isClass = loss.target === 'class'
    return fc.record({
      rows: fc.constant(rows),
      size: fc.constant(size),
      output: many(output, rows * size).map(x => Float64Array.from(x)),
      target: isClass
        ? many(fc.nat(size - 1), rows).map(y => Int32Array.from(y))
        : many(probability, rows * size).map(t => Float64Array.from(t)),
      row: fc.nat(rows - 1),
    })
  })

const { arithmetic } = referenceFloat64

/** Float32 whose exp and log take nothing that has not been rounded. */
const strict: Arithmetic = {
  round: Math.fround,
  exp: x => referenceFloat32.arithmetic.exp(rounded(x)),
  log: x => referenceFloat32.arithmetic.log(rounded(x)),
}

function rounded(x: number): number {
  expect(x).toBe(Math.fround(x))
  return x
}

describe.each(losses)('%s', (_, loss, output) => {
  const batch = batchFor(loss, output)

  test('has the gradient that finite differences have', () => {
    fc.assert(
      fc.property(batch, ({ size, output, target, row }) => {
        const gradient = new Float64Array(output.length)
        const scale = 0.3
        loss.row(arithmetic, size, row, output, target, gradient, scale)

        const step = 6e-6
        const slopes = Array.from({ length: size }, (_, j) => {
          const at = row * size + j
          const [before, after] = [-step, step].map(difference => {
            const moved = output.slice()
            moved[at] += difference
            return loss.row(arithmetic, size, row, moved, target, null, 1)
          })
          return (scale * (after! - before!)) / (2 * step)
        })
        const own = gradient.subarray(row * size, (row + 1) * size)
        expectClose(own, slopes, { rtol: 1e-6, atol: 1e-8 }, 'gradient')
      }),
    )
  })

  test('reads and writes its own row alone, and has one value with and without a gradient', () => {
    fc.assert(
      fc.property(batch, ({ rows, size, output, target, row }) => {
        const gradient = new Float64Array(output.length).fill(7)
        const value = loss.row(arithmetic, size, row, output, target, gradient, 1)
        expect(value).toBe(loss.row(arithmetic, size, row, output, target, null, 1))
        const alone = new Float64Array(size)
        const targetOfRow = target.slice((row * target.length) / rows, ((row + 1) * target.length) / rows)
        const outputOfRow = output.slice(row * size, (row + 1) * size)
        expect(value).toBe(loss.row(arithmetic, size, 0, outputOfRow, targetOfRow, alone, 1))
        const expected = new Float64Array(output.length).fill(7)
        expected.set(alone, row * size)
        expectSameBits(gradient, expected)
      }),
    )
  })

  test('rounds to float32 throughout', () => {
    fc.assert(
      fc.property(batch, ({ size, output, target, row }) => {
        const gradient = new Float64Array(output.length)
        const outputs = Float64Array.from(output, Math.fround)
        const targets = Float64Array.from(target, Math.fround)
        const value = loss.row(strict, size, row, outputs, targets, gradient, 1 / 3)
        expect(value).toBe(Math.fround(value))
        expectSameBits(gradient, gradient.map(Math.fround))
        const inDouble = new Float64Array(output.length)
        const expected = loss.row(arithmetic, size, row, outputs, targets, inDouble, 1 / 3)
        expectClose([value], [expected], { rtol: 4e-6, atol: 2e-6 }, 'value')
        expectClose(gradient, inDouble, { rtol: 1e-5, atol: 2e-6 }, 'gradient')
      }),
    )
  })

  test.each(['float32', 'float64'])('is NaN in %s wherever an output is NaN', precision => {
    const kernels = precision === 'float32' ? referenceFloat32 : referenceFloat64
    const size = 3
    for (let at = 0; at < size; at++) {
      for (let y = 0; y < size; y++) {
        const output = Float64Array.of(0.2, 0.3, 0.4)
        output[at] = Number.NaN
        const target = loss.target === 'class' ? Int32Array.of(y) : Float64Array.of(0, 0, 0)
        if (loss.target === 'values') target[y] = 1
        const gradient = new Float64Array(size)
        expect(loss.row(kernels.arithmetic, size, 0, output, target, gradient, 1)).toBeNaN()
        expect(gradient[at]).toBeNaN()
      }
    }
  })
})
