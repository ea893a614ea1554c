import { f32, f32x4, i32, type Local, v128 } from 'wasmati'
import {
  callRoutine,
  countDown,
  element,
  increase,
  integers,
  ints,
  range,
  readInts,
  routine,
  set,
  type Vector,
  vectors,
  when,
  zero,
} from '../assembly/assembly.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import type { Target } from '../numerics.ts'
import { multiplyAdd } from '../operations.ts'

/*
 * C[i,j] ← start[j] + Σₖ A[i,k]·B[k,j], or C[i,j] + Σₖ …, k ascending.
 *
 *   A   rows of numbers wherever they lie: row i begins at `a + aRows[i]`. A row is read in segments of `depth` steps of
 *       k `aStep` bytes apart; `jumps[s]` leads from the end of a segment to the start of the next. So a dense layer's row is
 *       one segment, and the patch that a convolution's kernel sees is a segment for each of the kernel's rows.
 *   B   packed in panels of as many columns as a tile has, [k][column] in each; the last one filled up with zeros.
 *   C   row i at `c + cRows[i]`, its columns side by side.
 *
 * Long sums are cut into blocks of k, so that a block of a panel stays in the first-level cache. A block goes on from the C
 * that the one before has left, which is the same chain; or, apart, it is a chain from 0 that is added to that C. The first
 * does so with the start.
 */

/** What lies in a block's entry: segments, the address of their jumps, depth, offset in a panel, and whether it is apart. */
const block = integers('segments', 'jumps', 'depth', 'panelOffset', 'isApart')

/** Bytes of a block's entry in its table. */
export const BLOCK_BYTES = 4 * Object.keys(block).length

/**
 * The tiles of one panel: for `rows` rows in steps of `height`. The sums of a tile stay in registers all along; each
 * number of A meets `columns` numbers of B.
 */
function panel({ numerics, tile }: Target, height: number) {
  const lanes = tile.columns / 4
  return routine(
    {
      ...integers('a', 'aRows', 'aStep', 'segments', 'jumps', 'depth', 'isApart', 'b', 'from', 'fromRows'),
      ...integers('c', 'cRows', 'rows'),
    },
    {
      row: ints(height),
      sum: vectors(height * lanes),
      column: vectors(lanes),
      number: 'v128',
      ...integers('to', 'k', 'bk', 'jump', 'left'),
    },
    ({ a, aRows, aStep, segments, jumps, depth, isApart, b, from, fromRows, c, cRows, rows, ...own }) => {
      const { row, sum, column, number, to, k, bk, jump, left } = own
      const eachStart = (use: (sum: Local<'v128'>, start: Vector) => void) => {
        for (let i = 0; i < height; i++) {
          set(to, i32.add(from, i32.load({ offset: 4 * i }, fromRows)))
          for (let j = 0; j < lanes; j++) use(sum[i * lanes + j], v128.load({ offset: 16 * j }, to))
        }
      }
      countDown(rows, () => {
        for (let i = 0; i < height; i++) set(row[i], i32.add(a, i32.load({ offset: 4 * i }, aRows)))
        when(
          isApart,
          () => {
            for (const s of sum) set(s, zero())
          },
          () => eachStart((s, start) => set(s, start)),
        )
        set(bk, b)
        set(jump, jumps)
        set(left, segments)
        countDown(left, () => {
          for (let i = 0; i < height; i++) increase(row[i], i32.load({}, jump))
          increase(jump, 4)
          set(k, depth)
          countDown(k, () => {
            for (let j = 0; j < lanes; j++) set(column[j], v128.load({ offset: 16 * j }, bk))
            for (let i = 0; i < height; i++) {
              set(number, v128.load32_splat({}, row[i]))
              for (let j = 0; j < lanes; j++) {
                const s = sum[i * lanes + j]
                set(s, multiplyAdd(numerics, s, number, column[j]))
              }
            }
            for (let i = 0; i < height; i++) increase(row[i], aStep)
            increase(bk, 16 * lanes)
          })
        })
        when(isApart, () => eachStart((s, start) => set(s, f32x4.add(start, s))))
        for (let i = 0; i < height; i++) {
          set(to, i32.add(c, i32.load({ offset: 4 * i }, cRows)))
          for (let j = 0; j < lanes; j++) v128.store({ offset: 16 * j }, to, sum[i * lanes + j])
        }
        increase(aRows, 4 * height)
        increase(fromRows, 4 * height)
        increase(cRows, 4 * height)
      })
    },
  )
}

/** to[r, j] = from[r, j] for some columns: rows begin at `from + fromRows[r]` and `to + toRows[r]`. */
const copyColumns = routine(
  integers('from', 'fromRows', 'to', 'toRows', 'rows', 'columns'),
  integers('r', 'j', 'source', 'target'),
  ({ from, fromRows, to, toRows, rows, columns, r, j, source, target }) => {
    range(r, 0, rows, 1, () => {
      set(source, i32.add(from, i32.load({}, element(fromRows, r))))
      set(target, i32.add(to, i32.load({}, element(toRows, r))))
      range(j, 0, columns, 1, () => {
        f32.store({}, element(target, j), f32.load({}, element(source, j)))
      })
    })
  },
)

/**
 * The whole product. A panel with fewer columns than a tile works on `edge`, [rows][tile columns] of scratch memory,
 * and its own columns are copied to C at the end.
 *
 * - `start`: the address of the numbers that the sums start from, or 0 where they start from C
 * - `zeros`, `ramp`: tables of offsets for `rows` rows: all 0, and in steps of a tile's row
 *
 * All kernels share one, which the engine's optimising compiler so meets but once.
 */
export const product = onceForEach((target: Target) => {
  const { rows: height, columns: width } = target.tile
  const stride = 4 * width
  /** By their heights: whole tiles, and lower ones for the rows that are left. */
  const tiles = [height, ...[4, 1].filter(lower => lower < height)].map(high => ({
    high,
    multiply: panel(target, high),
  }))

  /** All rows of one panel: as many as go into whole tiles, and those that are left in lower ones. */
  const wholePanel = routine(
    integers('a', 'aRows', 'aStep', 'entry', 'b', 'from', 'fromRows', 'c', 'cRows', 'rows'),
    { ...block, count: 'i32', bytes: 'i32' },
    names => {
      const { a, aRows, aStep, entry, b, from, fromRows, c, cRows, rows } = names
      const { segments, jumps, depth, panelOffset, isApart, count, bytes } = names
      readInts(entry, [segments, jumps, depth, panelOffset, isApart])
      increase(b, panelOffset)
      for (const { high, multiply } of tiles) {
        set(count, i32.div_u(rows, high))
        when(count, () => {
          const operands = { a, aRows, aStep, segments, jumps, depth, isApart, b, from, fromRows, c, cRows }
          callRoutine(multiply, { ...operands, rows: count })
          set(bytes, i32.mul(count, 4 * high))
          for (const table of [aRows, fromRows, cRows]) increase(table, bytes)
        })
        set(rows, i32.rem_u(rows, high))
      }
    },
  )

  return routine(
    {
      ...integers('a', 'aRows', 'aStep', 'blocks', 'entries', 'panels', 'panelBytes', 'start', 'zeros'),
      ...integers('c', 'cRows', 'rows', 'columns', 'edge', 'ramp'),
    },
    integers('wholePanels', 'p', 'panel', 'cPanel', 'from', 'fromRows', 'edgeColumns'),
    names => {
      const { a, aRows, aStep, blocks, entries, panels, panelBytes, start, zeros } = names
      const { c, cRows, rows, columns, edge, ramp } = names
      const { wholePanels, p, panel, cPanel, from, fromRows, edgeColumns } = names
      /** One block of a panel, with its columns of C at `c`. */
      const multiply = (index: Local<'i32'>, c: Local<'i32'>, cRows: Local<'i32'>) => {
        when(
          start,
          () => {
            set(from, i32.add(start, i32.mul(index, stride)))
            set(fromRows, zeros)
          },
          () => {
            set(from, c)
            set(fromRows, cRows)
          },
        )
        const operands = { a, aRows, aStep, entry: entries, b: panel, from, fromRows, c, cRows, rows }
        callRoutine(wholePanel, operands)
      }
      set(wholePanels, i32.div_u(columns, width))
      set(edgeColumns, i32.rem_u(columns, width))
      set(cPanel, i32.add(c, i32.mul(wholePanels, stride)))
      when(i32.and(i32.ne(edgeColumns, 0), i32.eqz(start)), () =>
        callRoutine(copyColumns, {
          from: cPanel,
          fromRows: cRows,
          to: edge,
          toRows: ramp,
          rows,
          columns: edgeColumns,
        }),
      )
      countDown(blocks, () => {
        set(panel, panels)
        set(cPanel, c)
        range(p, 0, wholePanels, 1, () => {
          multiply(p, cPanel, cRows)
          increase(panel, panelBytes)
          increase(cPanel, stride)
        })
        when(edgeColumns, () => multiply(wholePanels, edge, ramp))
        increase(entries, BLOCK_BYTES)
        set(start, 0)
      })
      when(edgeColumns, () =>
        callRoutine(copyColumns, {
          from: edge,
          fromRows: ramp,
          to: cPanel,
          toRows: cRows,
          rows,
          columns: edgeColumns,
        }),
      )
    },
  )
})
