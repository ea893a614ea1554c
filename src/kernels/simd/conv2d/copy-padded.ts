import { i32 } from 'wasmati'
import { callRoutine, element, increase, integers, range, routine, set, when } from '../assembly/assembly.ts'
import { copy } from '../gemm/pack.ts'

/**
 * Copies rows of one image, from `first` (which may be above the image) on, into memory with zeros around: `rows` of
 * them, `rowNumbers` long, `rowBytes` apart, the image's left edge `leftBytes` from the start. That memory is 0 before.
 */
export const copyPadded = routine(
  integers('image', 'first', 'height', 'rowNumbers', 'to', 'rows', 'rowBytes', 'leftBytes'),
  integers('r', 'h'),
  ({ image, first, height, rowNumbers, to, rows, rowBytes, leftBytes, r, h }) => {
    increase(to, leftBytes)
    range(r, 0, rows, 1, () => {
      set(h, i32.add(first, r))
      // A row above the image is a large unsigned number.
      when(i32.lt_u(h, height), () =>
        callRoutine(copy, { from: element(image, i32.mul(h, rowNumbers)), to, n: rowNumbers }),
      )
      increase(to, rowBytes)
    })
  },
)
