import { i8x16, i32, i32x4, v128 } from 'wasmati'
import { increase, integers, range, routine, set, type Vector, vectors } from '../assembly/assembly.ts'
import type { Target } from '../numerics.ts'
import { multiplyAdd } from '../operations.ts'

/** Taps whose sums are held in registers together, as many as there are registers for: a 3×3 kernel's nine, and the bias. */
export const TAPS = 10

/** sums[tap, 4 filters] += Σ gradient · what the winner sees, over the cells of an image, for TAPS taps. */
export function followWinners({ numerics, relaxedSimd }: Target) {
  const pick = (table: Vector, index: Vector) =>
    // An index of 128 or more gives 0 in both, and the others are below 16.
    relaxedSimd ? i8x16.relaxed_i8x16_swizzle(table, index) : i8x16.swizzle(table, index)
  return routine(
    integers('gradients', 'winners', 'patches', 'patchBytes', 'cells', 'filters', 'sums'),
    {
      ...integers('cell', 'to', 'filterBytes'),
      sum: vectors(TAPS),
      index: 'v128',
      gradient: 'v128',
      seen: 'v128',
      bytes: 'v128',
      replicated: 'v128',
    },
    names => {
      const { gradients, winners, patches, patchBytes, cells, filters, sums } = names
      const { cell, to, filterBytes, sum, index, gradient, seen, bytes, replicated } = names
      set(filterBytes, i32.shl(filters, 2))
      set(bytes, i32x4.splat(0x03020100))
      set(replicated, v128.const('i8x16', [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]))
      set(to, sums)
      for (const s of sum) {
        set(s, v128.load({}, to))
        increase(to, filterBytes)
      }
      range(cell, 0, cells, 1, () => {
        // Four times the winner, and the bytes of its float: NO_WINNER becomes 252 … 255.
        set(index, v128.load32_zero({}, winners))
        set(index, pick(index, replicated))
        set(index, i8x16.add(index, index))
        set(index, v128.or(i8x16.add(index, index), bytes))
        set(gradient, v128.load({}, gradients))
        for (const [tap, s] of sum.entries()) {
          set(seen, pick(v128.load({ offset: 16 * tap }, patches), index))
          set(s, multiplyAdd(numerics, s, seen, gradient))
        }
        increase(gradients, filterBytes)
        increase(winners, filters)
        increase(patches, patchBytes)
      })
      set(to, sums)
      for (const s of sum) {
        v128.store({}, to, s)
        increase(to, filterBytes)
      }
    },
  )
}
