import fc from 'fast-check'
import { describe, test } from 'vitest'
import { type Gemm, gemm32, gemm64 } from '../../../src/kernels/reference/gemm.ts'
import { random } from '../../../src/tensor/random.ts'
import type { Real } from '../../../src/tensor/tensor.ts'
import { expectSameBits } from '../../support/compare.ts'
import { referenceSets } from '../../support/kernel-sets.ts'
import { centred, chain, inputs } from '../../support/kernels.ts'

const length = fc.integer({ min: 1, max: 11 })
const gap = fc.integer({ min: 0, max: 3 })

/** Where the elements of a matrix lie: behind one another by rows or by columns, with gaps. */
const layout = fc.record({ start: gap, gap, byColumns: fc.boolean() })

const gemms: Gemm<Real>[] = [gemm32 as Gemm<never> as Gemm<Real>, gemm64 as Gemm<never> as Gemm<Real>]

describe.each(referenceSets.map((set, i) => [...set, gemms[i]] as const))(
  'gemm for %s',
  (_, kernels, round, gemm) => {
    test('goes on with one chain for each element, for matrices that lie in any way', () => {
      fc.assert(
        fc.property(
          fc.tuple(length, length, length),
          layout,
          layout,
          gap,
          fc.nat(),
          ([m, n, depth], layoutA, layoutB, gapC, seed) => {
            const draw = centred(random(seed))
            const strides = (rows: number, columns: number, { gap, byColumns }: typeof layoutA) =>
              byColumns ? ([1, rows + gap] as const) : ([columns + gap, 1] as const)
            const [aRow, aCol] = strides(m, depth, layoutA)
            const [bRow, bCol] = strides(depth, n, layoutB)
            const a = inputs(kernels, layoutA.start + m * aRow + depth * aCol, draw)
            const b = inputs(kernels, layoutB.start + depth * bRow + n * bCol, draw)
            const cRow = n + gapC
            const c = inputs(kernels, m * cRow, draw)
            const expected = c.slice()
            for (let i = 0; i < m; i++) {
              for (let j = 0; j < n; j++) {
                const pairs = Array.from({ length: depth }, (_, k) => {
                  const fromA = a[layoutA.start + i * aRow + k * aCol]
                  return [fromA, b[layoutB.start + k * bRow + j * bCol]] as const
                })
                expected[2 + i * cRow + j] = chain(round, c[2 + i * cRow + j], pairs)
              }
            }
            gemm(m, n, depth, a, layoutA.start, aRow, aCol, b, layoutB.start, bRow, bCol, c, 2, cRow)
            expectSameBits(c, expected, 'C')
          },
        ),
      )
    })

    test('changes nothing where there are no rows, no columns or no depth', () => {
      for (const [m, n, depth] of [
        [0, 5, 5],
        [-1, 5, 5],
        [5, 0, 5],
        [5, 5, 0],
      ] as const) {
        const c = inputs(kernels, 25, () => 3)
        gemm(m, n, depth, c.slice(), 0, 5, 1, c.slice(), 0, 5, 1, c, 0, 5)
        expectSameBits(c, new Array(c.length).fill(3), `C of ${m}×${n} over ${depth}`)
      }
    })
  },
)
