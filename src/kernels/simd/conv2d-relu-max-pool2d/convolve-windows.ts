import { f32, f32x4, i8x16, i16x8, i32, i32x4, v128 } from 'wasmati'
import {
  constant,
  countDown,
  element,
  increase,
  integers,
  ints,
  type Locals,
  range,
  routine,
  set,
  vectors,
  when,
} from '../assembly/assembly.ts'
import { maskLocals, setMaskFactors } from '../mask-word.ts'
import type { Target } from '../numerics.ts'
import { multiplyAdd } from '../operations.ts'
import { dropped, type Extras, maskParameters } from './pool-windows.ts'

/*
 * Windows of four pixels, convolved and pooled without a map between: a window's pixels, with as many filters as a tile has
 * columns, are summed up in registers as in `product`, and the winners taken there.
 *
 *   A   the patches under the pixels, [window][pixel], each read in segments; sums are not cut into blocks
 *   B   the kernel, packed in panels
 *
 * The outputs of a panel with fewer filters than a tile has columns go to `scratch`, and its own are copied from there. They
 * need less of it than the edge of a product, which has the pixels too.
 */

/** Pixels of a window: each has a tile's row of sums. */
export const WINDOW_PIXELS = 4

/** Numbers in a segment that is not looped over: a row of a 3×3 kernel on one channel. */
const SHORT = 3

const parameters = {
  ...integers('a', 'aRows', 'segments', 'jumps', 'depth', 'panels', 'panelBytes', 'bias'),
  ...integers('cells', 'filters', 'y', 'winners', 'first', 'laneNumbers', 'scratch'),
  ...maskParameters,
} as const

function localsFor(lanes: number) {
  return {
    ...integers('f', 'own', 'isEdge', 'cell', 'cellRows', 'b', 'jump', 'left', 'k'),
    ...integers('to', 'toBytes', 'toWinners', 'winnerBytes', 'firstOfCell'),
    ...{ row: ints(WINDOW_PIXELS), sum: vectors(WINDOW_PIXELS * lanes), column: vectors(lanes) },
    ...{ best: vectors(lanes), winner: vectors(lanes), spare: vectors(lanes) },
    ...({ number: 'v128', zeros: 'v128', threes: 'v128', bytes: 'v128' } as const),
    ...maskLocals,
  }
}

type Names = Locals<typeof parameters> & Locals<ReturnType<typeof localsFor>>

export function convolveWindows({ numerics, tile }: Target, extras: Extras) {
  const lanes = tile.columns / 4
  const stride = 4 * tile.columns
  const eachLane = (body: (lane: number) => void) => {
    for (let lane = 0; lane < lanes; lane++) body(lane)
  }

  /** sum[pixel][lane] = bias + Σₖ A[pixel, k]·B[k, lane], k ascending. */
  function convolve(names: Names): void {
    const { a, segments, jumps, depth, panels, bias, cellRows, b, jump, left, k } = names
    const { row, sum, column, number } = names
    const add = (numbers: number) => {
      for (let n = 0; n < numbers; n++) {
        eachLane(lane => set(column[lane], v128.load({ offset: stride * n + 16 * lane }, b)))
        for (let pixel = 0; pixel < WINDOW_PIXELS; pixel++) {
          set(number, v128.load32_splat({ offset: 4 * n }, row[pixel]))
          eachLane(lane => {
            const s = sum[pixel * lanes + lane]
            set(s, multiplyAdd(numerics, s, number, column[lane]))
          })
        }
      }
      for (const address of row) increase(address, 4 * numbers)
      increase(b, stride * numbers)
    }
    for (const [pixel, address] of row.entries()) {
      set(address, i32.add(a, i32.load({ offset: 4 * pixel }, cellRows)))
      eachLane(lane => set(sum[pixel * lanes + lane], v128.load({ offset: 16 * lane }, bias)))
    }
    set(b, panels)
    set(jump, jumps)
    set(left, segments)
    countDown(left, () => {
      for (const address of row) increase(address, i32.load({}, jump))
      increase(jump, 4)
      when(
        i32.eq(depth, SHORT),
        () => add(SHORT),
        () => {
          set(k, depth)
          countDown(k, () => add(1))
        },
      )
    })
  }

  /** best = what pooling makes of the pixels' sums; winner = the first pixel that has it, or −1. */
  function pool(names: Names): void {
    const { sum, best, winner, spare, zeros, threes, firstOfCell, laneNumbers, scale } = names
    eachLane(lane => {
      const [first, ...others] = Array.from(
        { length: WINDOW_PIXELS },
        (_, pixel) => sum[pixel * lanes + lane],
      )
      // One local under three names: each is done with when the next begins.
      const isNan = spare[lane]
      const isWon = spare[lane]
      const isDropped = spare[lane]
      // From 0 on, or −0: where ReLU leaves zeros alone they tie, and the first of them is y.
      set(best[lane], f32x4.pmax(first, zeros))
      // NaN stays in `best`, and is lost in others.
      set(isNan, f32x4.ne(others[0], others[0]))
      for (const pixel of others.slice(1)) set(isNan, v128.or(isNan, f32x4.ne(pixel, pixel)))
      for (const pixel of others) set(best[lane], f32x4.pmax(best[lane], pixel))
      set(best[lane], v128.or(best[lane], isNan))
      if (extras.keepsWinners) {
        // 3, less 1 for each pixel but the last that is the first winner, or behind it.
        set(isWon, f32x4.eq(first, best[lane]))
        set(winner[lane], i32x4.add(threes, isWon))
        for (const pixel of others.slice(0, -1)) {
          set(isWon, v128.or(isWon, f32x4.eq(pixel, best[lane])))
          set(winner[lane], i32x4.add(winner[lane], isWon))
        }
        set(winner[lane], v128.or(winner[lane], v128.not(f32x4.gt(best[lane], zeros))))
      }
      if (extras.isMasked) {
        const numbers = i32x4.add(i32x4.splat(firstOfCell), v128.load({ offset: 16 * lane }, laneNumbers))
        set(isDropped, dropped(isDropped, numbers, names))
        if (extras.keepsWinners) set(winner[lane], v128.or(winner[lane], isDropped))
        set(best[lane], v128.andnot(f32x4.mul(best[lane], f32x4.splat(scale)), isDropped))
      }
    })
  }

  function store({ best, winner, bytes, to, toWinners, scratch }: Names): void {
    eachLane(lane => v128.store({ offset: 16 * lane }, to, best[lane]))
    if (!extras.keepsWinners) return
    // By way of memory: as halves of joined vectors they would have to be taken apart.
    eachLane(lane => v128.store({ offset: 16 * lane }, scratch, winner[lane]))
    eachLane(lane => set(winner[lane], v128.load({ offset: 16 * lane }, scratch)))
    for (let lane = 0; lane < lanes; lane += 2) {
      set(bytes, i16x8.narrow_i32x4_s(winner[lane], winner[lane + 1]))
      v128.store64_lane({ offset: 4 * lane }, 0, toWinners, i8x16.narrow_i16x8_s(bytes, bytes))
    }
  }

  /** to, toWinners = where the outputs of an edge lie. */
  function setToEdge({ scratch, cells, to, toWinners }: Names): void {
    set(to, i32.add(scratch, stride))
    set(toWinners, i32.add(to, i32.mul(cells, stride)))
  }

  /** Copies an edge's own outputs to where they belong. It is the last panel's, so nobody needs `y` and `winners` afterwards. */
  function copyEdge(names: Names): void {
    const { f, own, cells, filters, y, winners, to, toWinners, cell, k } = names
    setToEdge(names)
    increase(y, i32.shl(f, 2))
    increase(winners, f)
    range(cell, 0, cells, 1, () => {
      range(k, 0, own, 1, () => {
        f32.store({}, element(y, k), f32.load({}, element(to, k)))
        if (extras.keepsWinners) i32.store8({}, i32.add(winners, k), i32.load8_u({}, i32.add(toWinners, k)))
      })
      increase(y, i32.shl(filters, 2))
      increase(winners, filters)
      increase(to, stride)
      increase(toWinners, tile.columns)
    })
  }

  return routine(parameters, localsFor(lanes), names => {
    const { aRows, panels, panelBytes, bias, cells, filters, y, winners, first } = names
    const { f, own, isEdge, cell, cellRows, to, toBytes, toWinners, winnerBytes, firstOfCell } = names
    set(names.zeros, constant(0))
    set(names.threes, i32x4.splat(3))
    if (extras.isMasked) setMaskFactors(names.factors)
    range(f, 0, filters, tile.columns, () => {
      set(own, i32.sub(filters, f))
      set(isEdge, i32.lt_u(own, tile.columns))
      when(
        isEdge,
        () => {
          setToEdge(names)
          set(toBytes, stride)
          set(winnerBytes, tile.columns)
        },
        () => {
          set(to, element(y, f))
          set(toWinners, i32.add(winners, f))
          set(toBytes, i32.shl(filters, 2))
          set(winnerBytes, filters)
        },
      )
      set(cellRows, aRows)
      set(firstOfCell, i32.add(first, f))
      range(cell, 0, cells, 1, () => {
        convolve(names)
        pool(names)
        store(names)
        increase(cellRows, 4 * WINDOW_PIXELS)
        increase(to, toBytes)
        increase(toWinners, winnerBytes)
        increase(firstOfCell, filters)
      })
      when(isEdge, () => copyEdge(names))
      increase(panels, panelBytes)
      increase(bias, stride)
    })
  })
}
