import { f32x4, i32, v128 } from 'wasmati'
import { element, increase, integers, range, routine, set, vectors, when } from '../assembly/assembly.ts'

/** sums[j] += Σₙ a[n,j], n ascending, with rows `rowBytes` apart; 16 columns at a time, a line of the cache. */
export const addColumns = routine(
  integers('a', 'rowBytes', 'rows', 'columns', 'sums'),
  { ...integers('n', 'j', 'from', 'to', 'left'), sum: vectors(4) },
  ({ a, rowBytes, rows, columns, sums, n, j, from, to, left, sum }) => {
    range(j, 0, columns, 16, () => {
      set(from, element(a, j))
      set(to, element(sums, j))
      for (let lane = 0; lane < 4; lane++) set(sum[lane], v128.load({ offset: 16 * lane }, to))
      range(n, 0, rows, 1, () => {
        for (let lane = 0; lane < 4; lane++)
          set(sum[lane], f32x4.add(sum[lane], v128.load({ offset: 16 * lane }, from)))
        increase(from, rowBytes)
      })
      set(left, i32.sub(columns, j))
      for (let lane = 0; lane < 16; lane++) {
        when(i32.lt_u(lane, left), () =>
          v128.store32_lane({ offset: 4 * lane }, lane % 4, to, sum[Math.floor(lane / 4)]),
        )
      }
    })
  },
)
