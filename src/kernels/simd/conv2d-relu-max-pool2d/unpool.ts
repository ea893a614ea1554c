import { f32x4, i32, i32x4, v128 } from 'wasmati'
import { increase, integers, range, routine, set } from '../assembly/assembly.ts'
import { loadBytes } from '../assembly/bytes.ts'
import { fours, foursLocals } from '../assembly/fours.ts'

/**
 * The gradients of an image's pixels (or those of some rows of windows): of the cell for the pixel that won its window, 0
 * for the others. Rows of pixels are `rowBytes` apart; pixels in no window are not written.
 */
export const unpool = routine(
  {
    dy: 'i32',
    winners: 'i32',
    scale: 'f32',
    ...integers('to', 'rowBytes', 'cellRows', 'cellColumns', 'poolHeight', 'poolWidth', 'filters'),
  },
  {
    ...foursLocals,
    ...integers('row', 'column', 'down', 'across', 'pixel', 'corner', 'slot', 'filterBytes'),
  },
  names => {
    const { dy, winners, scale, to, rowBytes, cellRows, cellColumns, poolHeight, poolWidth, filters } = names
    const { row, column, down, across, pixel, corner, slot, filterBytes, i } = names
    set(filterBytes, i32.shl(filters, 2))
    range(row, 0, cellRows, 1, () => {
      set(corner, to)
      range(column, 0, cellColumns, 1, () => {
        set(slot, 0)
        range(down, 0, poolHeight, 1, () => {
          set(pixel, i32.add(corner, i32.mul(down, rowBytes)))
          range(across, 0, poolWidth, 1, () => {
            fours(names, 0, filters, ({ load, store }) => {
              const won = i32x4.eq(loadBytes(i32.add(winners, i)), i32x4.splat(slot))
              store(pixel, v128.and(won, f32x4.mul(load(dy), f32x4.splat(scale))))
            })
            increase(pixel, filterBytes)
            increase(slot, 1)
          })
        })
        increase(corner, i32.mul(poolWidth, filterBytes))
        increase(dy, filterBytes)
        increase(winners, filters)
      })
      increase(to, i32.mul(poolHeight, rowBytes))
    })
  },
)
