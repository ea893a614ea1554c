import fc from 'fast-check'
import { describe, test } from 'vitest'
import { random } from '../../src/tensor/random.ts'
import { kernelSets } from '../support/kernel-sets.ts'
import {
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
        all(units).map(u =>
          chain(
            round,
            b ? b[u] : 0,
            all(inputs).map(i => [x[n * inputs + i], w[i * units + u]]),
          ),
        ),
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
})
