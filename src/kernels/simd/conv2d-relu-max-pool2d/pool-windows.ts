import { f32x4, i8x16, i16x8, i32, i32x4, type Local, v128 } from 'wasmati'
import {
  constant,
  type Int,
  increase,
  integers,
  range,
  routine,
  set,
  type Vector,
  vectors,
} from '../assembly/assembly.ts'
import { fours, foursLocals } from '../assembly/fours.ts'
import { maskWords, numbersFrom } from '../mask-word.ts'

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

type Mask = { readonly [name in 'layer' | 'step' | 'limit']: Local<'i32'> } & { readonly scale: Local<'f32'> }

/** Of which of some elements, from their numbers in y, the mask leaves nothing: all ones. `h` is a local to work in. */
function dropped(h: Local<'v128'>, numbers: Vector, { layer, step, limit }: Mask): Vector {
  return i32x4.le_u(maskWords(h, numbers, layer, step), i32x4.splat(limit))
}

/** Windows of any size, a pixel after the other. */
export function poolWindows({ isMasked, keepsWinners }: Extras) {
  return routine(
    parameters,
    {
      ...foursLocals,
      ...{ best: 'v128', winner: 'v128', nan: 'v128', pixel: 'v128', isDropped: 'v128' },
      ...integers('cell', 'filterBytes', 'slot', 'address'),
    },
    names => {
      const { pixels, cells, windowPixels, filters, y, winners, first, scale } = names
      const { cell, filterBytes, best, winner, nan, pixel, isDropped, slot, address, i } = names
      set(filterBytes, i32.shl(filters, 2))
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

/**
 * The same for windows of four pixels and filters by the eight, in pairs of vectors that V8 joins into ones of 256 bits.
 * `eight` is the address of the integers 0 … 7.
 */
export function poolWindowsOfFour({ isMasked, keepsWinners }: Extras) {
  return routine(
    { ...parameters, eight: 'i32' },
    {
      ...integers('cell', 'end', 'filterBytes', 'second', 'third', 'fourth'),
      ...{ a: vectors(2), b: vectors(2), c: vectors(2), d: vectors(2) },
      ...{ best: vectors(2), nan: vectors(2), winner: vectors(2), isDropped: vectors(2), bytes: 'v128' },
    },
    names => {
      const { pixels, cells, filters, y, winners, first, scale, eight } = names
      const { cell, end, filterBytes, second, third, fourth } = names
      const { a, b, c, d, best, nan, winner, isDropped, bytes } = names
      const load = (vector: readonly Local<'v128'>[], address: Int) =>
        both(half => set(vector[half], v128.load({ offset: 16 * half }, address)))
      const store = (address: Int, vector: readonly Local<'v128'>[]) =>
        both(half => v128.store({ offset: 16 * half }, address, vector[half]))
      set(filterBytes, i32.shl(filters, 2))
      range(cell, 0, cells, 1, () => {
        set(second, i32.add(pixels, filterBytes))
        set(third, i32.add(second, filterBytes))
        set(fourth, i32.add(third, filterBytes))
        set(end, second)
        range(pixels, pixels, end, 32, () => {
          load(a, pixels)
          load(b, second)
          load(c, third)
          load(d, fourth)
          both(half => {
            const [first, ...others] = [a, b, c, d].map(pixel => pixel[half])
            // From 0 on, or −0: where ReLU leaves zeros alone they tie, and the first of them is y.
            set(best[half], f32x4.pmax(first, constant(0)))
            // NaN stays in `best`, and is lost in others.
            set(nan[half], f32x4.ne(others[0], others[0]))
            for (const pixel of others.slice(1)) set(nan[half], v128.or(nan[half], f32x4.ne(pixel, pixel)))
            for (const pixel of others) set(best[half], f32x4.pmax(best[half], pixel))
            set(best[half], v128.or(best[half], nan[half]))
          })
          if (keepsWinners) {
            both(half => {
              const isWon = nan[half]
              // 3, less 1 for each pixel but the last that is the first winner, or behind it.
              set(isWon, f32x4.eq(a[half], best[half]))
              set(winner[half], i32x4.add(i32x4.splat(3), isWon))
              for (const pixel of [b[half], c[half]]) {
                set(isWon, v128.or(isWon, f32x4.eq(pixel, best[half])))
                set(winner[half], i32x4.add(winner[half], isWon))
              }
              set(winner[half], v128.or(winner[half], v128.not(f32x4.gt(best[half], constant(0)))))
            })
          }
          if (isMasked) {
            both(half => {
              const numbers = i32x4.add(i32x4.splat(first), v128.load({ offset: 16 * half }, eight))
              set(isDropped[half], dropped(nan[half], numbers, names))
              if (keepsWinners) set(winner[half], v128.or(winner[half], isDropped[half]))
              set(best[half], v128.andnot(f32x4.mul(best[half], f32x4.splat(scale)), isDropped[half]))
            })
            increase(first, 8)
          }
          store(y, best)
          increase(y, 32)
          if (keepsWinners) {
            // By way of the map, which is done with: as halves of a joined vector they would have to be taken apart.
            store(pixels, winner)
            load(winner, pixels)
            set(bytes, i16x8.narrow_i32x4_s(winner[0], winner[1]))
            v128.store64_lane({}, 0, winners, i8x16.narrow_i16x8_s(bytes, bytes))
            increase(winners, 8)
          }
          for (const address of [second, third, fourth]) increase(address, 32)
        })
        set(pixels, fourth)
      })
    },
  )
}

function both(body: (half: 0 | 1) => void): void {
  body(0)
  body(1)
}
