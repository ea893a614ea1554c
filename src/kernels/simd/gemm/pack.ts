import { f32, i8x16, i32, v128 } from 'wasmati'
import {
  callRoutine,
  countDown,
  element,
  increase,
  integers,
  range,
  routine,
  set,
  vectors,
  when,
  zero,
} from '../assembly/assembly.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import type { Tile } from '../numerics.ts'

/** to[i] = from[i] for n numbers. */
export const copy = routine(
  integers('from', 'to', 'n'),
  integers('i', 'full'),
  ({ from, to, n, i, full }) => {
    set(full, i32.and(n, -4))
    range(i, 0, full, 4, () => v128.store({}, element(to, i), v128.load({}, element(from, i))))
    range(i, full, n, 1, () => f32.store({}, element(to, i), f32.load({}, element(from, i))))
  },
)

/** to[i] = 0 for n numbers. */
export const clear = routine(integers('to', 'n'), integers('i', 'full'), ({ to, n, i, full }) => {
  set(full, i32.and(n, -4))
  range(i, 0, full, 4, () => v128.store({}, element(to, i), zero()))
  range(i, full, n, 1, () => f32.store({}, element(to, i), 0))
})

/** Bytes of a cache line, on most machines. */
const LINE = 64

/**
 * Brings rows that lie far apart into the cache, by a number of each line: many lines are on their way at the same time, where
 * a loop with more to do waits for a few. What becomes of the numbers is stored at `sink`, so that engines keep the loads.
 */
export const cacheRows = routine(
  integers('from', 'fromRow', 'rows', 'columns', 'sink'),
  { offset: 'i32', bytes: 'i32', numbers: 'v128' },
  ({ from, fromRow, rows, columns, sink, offset, bytes, numbers }) => {
    set(bytes, i32.shl(columns, 2))
    countDown(rows, () => {
      range(offset, 0, bytes, LINE, () => {
        set(numbers, v128.xor(numbers, v128.load32_zero({}, i32.add(from, offset))))
      })
      increase(from, fromRow)
    })
    v128.store({}, sink, numbers)
  },
)

/** Bytes of the 32-bit lanes that a shuffle picks out of two vectors. */
const lanes = (...picks: number[]) => picks.flatMap(lane => [0, 1, 2, 3].map(byte => 4 * lane + byte))

const interleaveLow = lanes(0, 4, 1, 5)
const interleaveHigh = lanes(2, 6, 3, 7)
const lowHalves = lanes(0, 1, 4, 5)
const highHalves = lanes(2, 3, 6, 7)

/** to[j][i] = from[i][j], with rows `fromRow` and `toRow` bytes apart: in squares of 4×4, then what is left. */
export const transpose = routine(
  integers('from', 'fromRow', 'to', 'toRow', 'rows', 'columns'),
  {
    ...integers('i', 'j', 'fullRows', 'fullColumns', 'source', 'target'),
    line: vectors(4),
    half: vectors(4),
  },
  ({ from, fromRow, to, toRow, rows, columns, i, j, fullRows, fullColumns, source, target, line, half }) => {
    const shuffle = (picks: number[], a: (typeof line)[0], b: (typeof line)[0]) =>
      i8x16.shuffle(picks as never, a, b)
    const moveOne = () => {
      f32.store({}, element(target, i), f32.load({}, element(source, j)))
    }
    set(fullRows, i32.and(rows, -4))
    set(fullColumns, i32.and(columns, -4))
    range(i, 0, fullRows, 4, () => {
      range(j, 0, fullColumns, 4, () => {
        set(source, i32.add(element(from, j), i32.mul(i, fromRow)))
        for (let r = 0; r < 4; r++) {
          set(line[r], v128.load({}, source))
          increase(source, fromRow)
        }
        set(half[0], shuffle(interleaveLow, line[0], line[1]))
        set(half[1], shuffle(interleaveHigh, line[0], line[1]))
        set(half[2], shuffle(interleaveLow, line[2], line[3]))
        set(half[3], shuffle(interleaveHigh, line[2], line[3]))
        set(target, i32.add(element(to, i), i32.mul(j, toRow)))
        for (const [upper, lower, picks] of [
          [half[0], half[2], lowHalves],
          [half[0], half[2], highHalves],
          [half[1], half[3], lowHalves],
          [half[1], half[3], highHalves],
        ] as const) {
          v128.store({}, target, shuffle(picks, upper, lower))
          increase(target, toRow)
        }
      })
    })
    // The columns at the right of the squares, then the rows below them.
    range(j, fullColumns, columns, 1, () => {
      set(target, i32.add(to, i32.mul(j, toRow)))
      set(source, from)
      range(i, 0, fullRows, 1, () => {
        moveOne()
        increase(source, fromRow)
      })
    })
    range(i, fullRows, rows, 1, () => {
      set(source, i32.add(from, i32.mul(i, fromRow)))
      set(target, to)
      range(j, 0, columns, 1, () => {
        moveOne()
        increase(target, toRow)
      })
    })
  },
)

/** The routines that pack B, [depth][columns] or its transpose, into the panels of a product. */
export const packing = onceForEach(({ columns: width }: Tile) => {
  const stride = 4 * width
  const body = (packPanel: (names: PackNames) => void) =>
    routine(
      integers('from', 'fromRow', 'to', 'panelBytes', 'depth', 'columns'),
      integers('j', 'k', 'source', 'target', 'own'),
      names => {
        const { to, panelBytes, depth, columns, j, own } = names
        range(j, 0, columns, width, () => {
          set(own, i32.sub(columns, j))
          when(
            i32.lt_u(own, width),
            () => callRoutine(clear, { to, n: i32.mul(depth, width) }),
            () => set(own, width),
          )
          packPanel(names)
          increase(to, panelBytes)
        })
      },
    )
  return {
    /** B[k][j] at from + k·fromRow + 4j. */
    packRows: body(({ from, fromRow, to, depth, j, k, source, target, own }) => {
      set(source, element(from, j))
      set(target, to)
      when(
        i32.eq(own, width),
        () =>
          range(k, 0, depth, 1, () => {
            for (let lane = 0; lane < width; lane += 4)
              v128.store({ offset: 4 * lane }, target, v128.load({ offset: 4 * lane }, source))
            increase(source, fromRow)
            increase(target, stride)
          }),
        () =>
          range(k, 0, depth, 1, () => {
            callRoutine(copy, { from: source, to: target, n: own })
            increase(source, fromRow)
            increase(target, stride)
          }),
      )
    }),
    /** B[k][j] at from + j·fromRow + 4k. */
    packColumns: body(({ from, fromRow, to, depth, j, source, own }) => {
      set(source, i32.add(from, i32.mul(j, fromRow)))
      callRoutine(transpose, { from: source, fromRow, to, toRow: stride, rows: own, columns: depth })
    }),
  }
})

type PackNames = Parameters<Parameters<typeof routine<PackParameters, PackLocals>>[2]>[0]
type PackParameters = {
  from: 'i32'
  fromRow: 'i32'
  to: 'i32'
  panelBytes: 'i32'
  depth: 'i32'
  columns: 'i32'
}
type PackLocals = { j: 'i32'; k: 'i32'; source: 'i32'; target: 'i32'; own: 'i32' }
