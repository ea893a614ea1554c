import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { random } from '../../src/tensor/random.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { expectSameBits } from '../support/compare.ts'
import { kernelSets } from '../support/kernel-sets.ts'
import {
  arrayOf,
  centred,
  chain,
  expectWritten,
  inputs,
  integers,
  outputs,
  type Round,
  sum,
  tail,
  withSpecials,
} from '../support/kernels.ts'

const CLASSES = 4

/** A function of one array, run over `n` elements, and its definition. */
interface Unary {
  readonly title: string
  readonly run: (kernels: Kernels<Real>, n: number, x: Real, y: Real) => void
  readonly defined: (x: readonly number[], round: Round, exp: Round) => number[]
}

const vectors = (x: readonly number[]) =>
  Array.from({ length: x.length / CLASSES }, (_, row) => x.slice(row * CLASSES, (row + 1) * CLASSES))

const unary: Unary[] = [
  {
    title: 'relu',
    run: (kernels, n, x, y) => kernels.relu(n, x, y),
    defined: x => x.map(x => (x < 0 ? 0 : x)),
  },
  {
    title: 'sigmoid',
    run: (kernels, n, x, y) => kernels.sigmoid(n, x, y),
    defined: (x, round, exp) =>
      x.map(x => {
        const e = exp(-Math.abs(x))
        return x < 0 ? round(e / round(1 + e)) : round(1 / round(1 + e))
      }),
  },
  {
    title: 'softmax',
    run: (kernels, n, x, y) => kernels.softmax(n / CLASSES, CLASSES, x, y),
    defined: (x, round, exp) =>
      vectors(x).flatMap(x => {
        const e = x.map(value => exp(round(value - Math.max(...x))))
        const total = sum(round, e)
        return e.map(e => round(e / total))
      }),
  },
  {
    title: 'rescale',
    run: (kernels, n, x, y) => kernels.rescale(n, 1 / 255, -0.3, x, y),
    defined: (x, round) => x.map(x => round(round(x * round(1 / 255)) + round(-0.3))),
  },
  {
    title: 'dropout at rate 0',
    run: (kernels, n, x, y) => kernels.dropout(n, 0, { layer: 1, step: 2 }, x, y),
    defined: x => [...x],
  },
]

/** A backward function of an output and its gradient. */
interface Binary {
  readonly title: string
  readonly run: (kernels: Kernels<Real>, n: number, y: Real, dy: Real, dx: Real) => void
  readonly defined: (y: readonly number[], dy: readonly number[], round: Round) => number[]
}

const binary: Binary[] = [
  {
    title: 'reluBackward',
    run: (kernels, n, y, dy, dx) => kernels.reluBackward(n, y, dy, dx),
    defined: (y, dy) => y.map((y, i) => (y > 0 ? dy[i] : 0)),
  },
  {
    title: 'sigmoidBackward',
    run: (kernels, n, y, dy, dx) => kernels.sigmoidBackward(n, y, dy, dx),
    defined: (y, dy, round) => y.map((y, i) => round(dy[i] * round(y * round(1 - y)))),
  },
  {
    title: 'softmaxBackward',
    run: (kernels, n, y, dy, dx) => kernels.softmaxBackward(n / CLASSES, CLASSES, y, dy, dx),
    defined: (y, dy, round) => {
      const gradients = vectors(dy)
      return vectors(y).flatMap((y, row) => {
        const dot = chain(
          round,
          0,
          y.map((y, c) => [gradients[row][c], y]),
        )
        return y.map((y, c) => round(y * round(gradients[row][c] - dot)))
      })
    },
  },
]

const drawn = fc.record({ rows: fc.integer({ min: 1, max: 9 }), special: fc.boolean(), seed: fc.nat() })

describe.each(kernelSets)('%s', (_, kernels, round) => {
  const { exp } = kernels.arithmetic
  const numbers = (n: number, special: boolean, next: () => number) =>
    inputs(kernels, n, special ? withSpecials(next) : () => 8 * centred(next)())

  test.each(unary)('$title has the values of its definition, in place or not', ({ run, defined }) => {
    fc.assert(
      fc.property(drawn, ({ rows, special, seed }) => {
        const n = rows * CLASSES
        const x = numbers(n, special, random(seed))
        const before = x.slice()
        const expected = defined([...x.subarray(0, n)], round, exp)

        const y = outputs(kernels, n)
        run(kernels, n, x, y)
        expectWritten(y, expected, 'y')
        expectSameBits(x, before, 'x')

        run(kernels, n, x, x)
        expectWritten(x, expected, 'y in place', tail(before, n))
      }),
    )
  })

  test.each(binary)('$title has the values of its definition, in place or not', ({ run, defined }) => {
    fc.assert(
      fc.property(drawn, ({ rows, special, seed }) => {
        const n = rows * CLASSES
        const next = random(seed)
        const y = numbers(n, special, next)
        const dy = numbers(n, special, next)
        const before = { y: y.slice() as Real, dy: dy.slice() as Real }
        const expected = defined([...y.subarray(0, n)], [...dy.subarray(0, n)], round)

        const dx = outputs(kernels, n)
        run(kernels, n, y, dy, dx)
        expectWritten(dx, expected, 'dx')
        expectSameBits(y, before.y, 'y')
        expectSameBits(dy, before.dy, 'dy')

        run(kernels, n, y, dy, dy)
        expectWritten(dy, expected, 'dx in place of dy', tail(before.dy, n))
        dy.set(before.dy)
        run(kernels, n, y, dy, y)
        expectWritten(y, expected, 'dx in place of y', tail(before.y, n))
      }),
    )
  })

  test('rescale reads bytes as the numbers that they are', () => {
    const bytes = integers(kernels, Uint8Array, 261)
    for (let i = 0; i < bytes.length; i++) bytes[i] = i
    const [y, expected] = [outputs(kernels, 259), outputs(kernels, 259)]
    kernels.rescale(259, 1 / 255, -0.3, arrayOf(kernels, bytes), expected)
    kernels.rescale(259, 1 / 255, -0.3, bytes, y)
    expectSameBits(y, expected)
    expect(y[255]).toBeCloseTo(0.7)
  })

  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
  const evaluate = (run: Unary['run'], x: readonly number[]) => {
    const values = kernels.allocate(x.length)
    values.set(x)
    run(kernels, x.length, values, values)
    return values
  }
  const find = (title: string) => unary.find(one => one.title === title)!.run

  test('relu keeps −0 and NaN', () => {
    expectSameBits(evaluate(find('relu'), [-0, 0, nan, -1, -infinity, infinity]), [
      -0,
      0,
      nan,
      0,
      0,
      infinity,
    ])
  })

  test('reluBackward passes nothing at 0 and at NaN', () => {
    const dx = outputs(kernels, 5)
    const y = kernels.allocate(5)
    const dy = kernels.allocate(5)
    y.set([0, -0, nan, 1e-40, 2])
    dy.set([5, 5, 5, 5, nan])
    kernels.reluBackward(5, y, dy, dx)
    expectWritten(dx, [0, 0, 0, 5, nan], 'dx')
  })

  test('sigmoid is exact at its ends, and nowhere infinite', () => {
    const x = [1000, -1000, infinity, -infinity, 0, -0, nan]
    expectSameBits(evaluate(find('sigmoid'), x), [1, 0, 1, 0, 0.5, 0.5, nan])
  })

  test('softmax does not overflow, and is NaN where it has no value', () => {
    const softmax = find('softmax')
    expectSameBits(evaluate(softmax, [1000, -1000, 0, 1000]), [0.5, 0, 0, 0.5])
    expectSameBits(evaluate(softmax, [-1000, -1000, -1000, -1000]), [0.25, 0.25, 0.25, 0.25])
    expectSameBits(evaluate(softmax, [-infinity, 3, 3, -infinity]), [0, 0.5, 0.5, 0])
    for (const x of [[nan, 1, 2, 3], [1, 2, 3, nan], [infinity, 1, 2, 3], new Array(4).fill(-infinity)]) {
      expect([...evaluate(softmax, x)]).toEqual([nan, nan, nan, nan])
    }
  })

  test('softmax takes vectors of one class', () => {
    const y = outputs(kernels, 3)
    kernels.softmax(
      3,
      1,
      inputs(kernels, 3, () => 7),
      y,
    )
    expectWritten(y, [1, 1, 1], 'y')
  })
})
