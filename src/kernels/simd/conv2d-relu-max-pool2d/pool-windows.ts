import { f32x4, i32, i32x4, type Local, v128 } from 'wasmati'
import {
  constant,
  increase,
  integers,
  type Locals,
  range,
  routine,
  set,
  type Vector,
} from '../assembly/assembly.ts'
import { fours, foursLocals } from '../assembly/fours.ts'
import { maskLocals, maskWords, numbersFrom, setMaskFactors } from '../mask-word.ts'

/** What a forward pass does besides pooling. */
export interface Extras {
  /** Whether the mask of a Dropout is laid over y. */
  readonly isMasked: boolean
  /** Whether it is kept for the backward pass which pixel has won. */
  readonly keepsWinners: boolean
}

/** A mask's words, and the largest word that drops an element. Without a mask they are not looked at. */
export const maskParameters = { ...integers('layer', 'step', 'limit'), scale: 'f32' } as const

/*
 * `pixels` are the numbers of a map, [window][pixel of the window][F]; y and the winners are [window][F]. `first` is the
 * number of their first element in the whole of y, which the mask goes by.
 */
const parameters = {
  ...integers('pixels', 'cells', 'windowPixels', 'filters', 'y', 'winners', 'first'),
  ...maskParameters,
} as const

type Mask = Omit<Locals<typeof maskParameters & typeof maskLocals>, 'scale'>

/** Of which of some elements, from their numbers in y, the mask leaves nothing: all ones. `h` is a local to work in. */
export function dropped(h: Local<'v128'>, numbers: Vector, { layer, step, limit, factors }: Mask): Vector {
  return i32x4.le_u(maskWords(h, numbers, layer, step, factors), i32x4.splat(limit))
}

/** Windows of any size, a pixel after the other. */
export function poolWindows({ isMasked, keepsWinners }: Extras) {
  return routine(
    parameters,
    {
      ...foursLocals,
      ...maskLocals,
      ...{ best: 'v128', winner: 'v128', nan: 'v128', pixel: 'v128', isDropped: 'v128' },
      ...integers('cell', 'filterBytes', 'slot', 'address'),
    },
    names => {
      const { pixels, cells, windowPixels, filters, y, winners, first, scale } = names
      const { cell, filterBytes, best, winner, nan, pixel, isDropped, slot, address, i } = names
      set(filterBytes, i32.shl(filters, 2))
      if (isMasked) setMaskFactors(names.factors)
      range(cell, 0, cells, 1, () => {
        fours(names, 0, filters, ({ load, store, storeBytes }) => {
          set(address, pixels)
          // From 0 on, or −0: where ReLU leaves zeros alone they tie, and the first of them is y.
          set(best, f32x4.pmax(load(address), constant(0)))
          set(nan, f32x4.ne(best, best))
          if (keepsWinners) set(winner, constant(0))
          range(slot, 1, windowPixels, 1, () => {
            increase(address, filterBytes)
            set(pixel, load(address))
            if (keepsWinners) {
              // A later winner has the larger slot, so the largest is the last.
              set(winner, i32x4.max_s(winner, v128.and(f32x4.gt(pixel, best), i32x4.splat(slot))))
            }
            set(best, f32x4.pmax(best, pixel))
            set(nan, v128.or(nan, f32x4.ne(pixel, pixel)))
          })
          set(best, v128.or(best, nan))
          if (keepsWinners) set(winner, v128.or(winner, v128.not(f32x4.gt(best, constant(0)))))
          if (isMasked) {
            set(isDropped, dropped(nan, numbersFrom(i32.add(first, i)), names))
            if (keepsWinners) set(winner, v128.or(winner, isDropped))
            set(best, v128.andnot(f32x4.mul(best, f32x4.splat(scale)), isDropped))
          }
          store(y, best)
          if (keepsWinners) storeBytes(winners, winner)
        })
        increase(pixels, i32.mul(windowPixels, filterBytes))
        increase(y, filterBytes)
        if (keepsWinners) increase(winners, filters)
        if (isMasked) increase(first, filters)
      })
    },
  )
}
