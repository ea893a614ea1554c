import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BLOCK_INPUTS } from '../../src/kernels/kernels.ts'
import { random } from '../../src/tensor/random.ts'
import { relativeError } from '../support/compare.ts'
import { kernelSets, referenceSets } from '../support/kernel-sets.ts'
import {
  arrayOf,
  centred,
  chain,
  expectWritten,
  inputs,
  outputs,
  type Round,
  sum,
  withSpecials,
} from '../support/kernels.ts'

type Numbers = ArrayLike<number>

/** The definitions, element by element. */
function definition(round: Round, rows: number, inputs: number, units: number) {
  const all = (length: number) => Array.from({ length }, (_, i) => i)
  return {
    dense: (x: Numbers, w: Numbers, b: Numbers | null) =>
      all(rows).flatMap(n =>
        all(units).map(u => {
          const pairs = all(inputs).map(i => [x[n * inputs + i], w[i * units + u]] as const)
          const blocks = all(Math.ceil(inputs / BLOCK_INPUTS)).map(block =>
            chain(round, 0, pairs.slice(block * BLOCK_INPUTS, (block + 1) * BLOCK_INPUTS)),
          )
          return sum(round, blocks, b ? b[u] : 0)
        }),
      ),
    dw: (x: Numbers, dy: Numbers) =>
      all(inputs).flatMap(i =>
        all(units).map(u =>
          chain(
            round,
            0,
            all(rows).map(n => [x[n * inputs + i], dy[n * units + u]]),
          ),
        ),
      ),
    db: (dy: Numbers) =>
      all(units).map(u =>
        sum(
          round,
          all(rows).map(n => dy[n * units + u]),
        ),
      ),
    dx: (dy: Numbers, w: Numbers) =>
      all(rows).flatMap(n =>
        all(inputs).map(i =>
          chain(
            round,
            0,
            all(units).map(u => [dy[n * units + u], w[i * units + u]]),
          ),
        ),
      ),
  }
}

const drawn = fc.record({
  rows: fc.constantFrom(1, 2, 3, 4, 5, 16, 17, 33),
  g: fc.record({ inputs: fc.integer({ min: 1, max: 9 }), units: fc.integer({ min: 1, max: 9 }) }),
  useBias: fc.boolean(),
  special: fc.boolean(),
  seed: fc.nat(),
})

describe.each(kernelSets)('dense in %s', (_, kernels, round) => {
  test('has the sums of its definition, in their order', () => {
    fc.assert(
      fc.property(drawn, ({ rows, g, useBias, special, seed }) => {
        const next = random(seed)
        const draw = special ? withSpecials(next) : centred(next)
        const x = inputs(kernels, rows * g.inputs, draw)
        const w = inputs(kernels, g.inputs * g.units, draw)
        const b = useBias ? inputs(kernels, g.units, draw) : null
        const dy = inputs(kernels, rows * g.units, draw)
        const expected = definition(round, rows, g.inputs, g.units)

        const y = outputs(kernels, rows * g.units)
        kernels.dense(g, rows, x, w, b, y)
        expectWritten(y, expected.dense(x, w, b), 'y')

        const dw = outputs(kernels, g.inputs * g.units)
        const db = useBias ? outputs(kernels, g.units) : null
        kernels.denseBackwardWeights(g, rows, x, dy, dw, db)
        expectWritten(dw, expected.dw(x, dy), 'dw')
        if (db) expectWritten(db, expected.db(dy), 'db')

        const dx = outputs(kernels, rows * g.inputs)
        kernels.denseBackwardInput(g, rows, dy, w, dx)
        expectWritten(dx, expected.dx(dy, w), 'dx')
      }),
    )
  })

  test.each([511, 512, 513, 1024, 1025, 1600])('adds %i inputs up in blocks', length => {
    for (const rows of [1, 5, 9]) {
      const g = { inputs: length, units: 5 }
      const draw = centred(random(length, 'blocks', rows))
      const x = inputs(kernels, rows * g.inputs, draw)
      const w = inputs(kernels, g.inputs * g.units, draw)
      for (const b of [inputs(kernels, g.units, draw), null]) {
        const y = outputs(kernels, rows * g.units)
        kernels.dense(g, rows, x, w, b, y)
        expectWritten(y, definition(round, rows, g.inputs, g.units).dense(x, w, b), `y of ${rows} rows`)
      }
    }
  })
})

test('blocks round to a fraction of what a single chain does, with the inputs of the second experiment', () => {
  const [g, rows] = [{ inputs: 10_816, units: 16 }, 4]
  const draw = centred(random('rounding'))
  // As behind a relu, and as Glorot's weights are.
  const x = Float32Array.from({ length: rows * g.inputs }, () => Math.max(0, draw()))
  const w = Float32Array.from({ length: g.inputs * g.units }, () => 0.02 * draw())
  const [y, exact] = referenceSets.map(([, kernels]) => {
    const y = kernels.allocate(rows * g.units)
    kernels.dense(g, rows, arrayOf(kernels, x), arrayOf(kernels, w), null, y)
    return y
  })
  const single = Array.from(y, (_, j) => {
    const [n, u] = [Math.floor(j / g.units), j % g.units]
    const pair = (i: number) => [x[n * g.inputs + i], w[i * g.units + u]] as const
    const pairs = Array.from({ length: g.inputs }, (_, i) => pair(i))
    return chain(Math.fround, 0, pairs)
  })
  expect(relativeError(y, exact)).toBeLessThan(relativeError(single, exact) / 4)
})
