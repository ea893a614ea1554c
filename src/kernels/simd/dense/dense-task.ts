import { f32x4, i32, v128 } from 'wasmati'
import { BLOCK_INPUTS } from '../../kernels.ts'
import {
  atMost,
  callRoutine,
  countDown,
  element,
  type Int,
  increase,
  integers,
  range,
  routine,
  set,
  task,
  vectors,
  when,
  zero,
} from '../assembly/assembly.ts'
import { addColumns } from '../gemm/add-columns.ts'
import { cacheRows, clear, transpose } from '../gemm/pack.ts'
import { BLOCK_BYTES, product } from '../gemm/product.ts'
import type { Target } from '../numerics.ts'
import { multiplyAdd } from '../operations.ts'

/** Rows of a batch in a block of the weight gradient: a block of a panel takes 32 KB at 16 columns. */
export const BLOCK_ROWS = 512
/**
 * Numbers from one row of a transposed block to the next: no power of two, whose rows would crowd into few cache sets. With
 * the 16 numbers between them, the weight gradient runs at 87 GFLOP/s instead of 54.
 */
export const TURNED_ROW = BLOCK_ROWS + 16
/** Rows of a batch in a chunk, at most: even shares of 512 for two threads, and for four and eight. */
export const ROWS = 64
/** Rows of weights in a chunk of their gradient: of 96 to 256, all within 5 %, the fastest. */
export const WEIGHT_ROWS = 144
/** Columns in a chunk where rows are multiplied one by one. */
export const FEW_COLUMNS = 32

/** The tasks of dense layers. */
export function denseTasks(target: Target) {
  const { columns: width } = target.tile
  const stride = 4 * width
  const multiply = product(target)
  const wideRow = rowTimesColumns(target, FEW_COLUMNS)
  const narrowRow = rowTimesColumns(target, 4)

  return {
    /** c[n,j] = start[j] + Σₖ a[n,k]·B[k,j] for some rows n. */
    rowsTimesPacked: task(
      {
        ...integers('a', 'aRows', 'depth', 'blocks', 'entries', 'panels', 'start', 'zeros', 'c', 'cRows'),
        ...integers('rows', 'columns', 'edges', 'ramp', 'chunkRows'),
      },
      integers('n', 'own', 'edge'),
      names => {
        const {
          a,
          aRows,
          depth,
          blocks,
          entries,
          panels,
          start,
          zeros,
          c,
          cRows,
          rows,
          columns,
          edges,
          ramp,
        } = names
        const { chunkRows, chunk, thread, n, own, edge } = names
        set(n, i32.mul(chunk, chunkRows))
        atMost(own, i32.sub(rows, n), chunkRows)
        increase(a, i32.shl(i32.mul(n, depth), 2))
        increase(c, i32.shl(i32.mul(n, columns), 2))
        set(edge, i32.add(edges, i32.mul(thread, ROWS * stride)))
        callRoutine(multiply, {
          a,
          aRows,
          aStep: 4,
          blocks,
          entries,
          panels,
          panelBytes: i32.mul(depth, stride),
          start,
          zeros,
          c,
          cRows,
          rows: own,
          columns,
          edge,
          ramp,
        })
      },
    ),

    /** The same for one row and FEW_COLUMNS columns, with B as it is: to pack it would take longer than to use it. */
    rowTimesMatrix: task(
      integers('a', 'depth', 'b', 'start', 'c', 'columns', 'parts'),
      integers('n', 'j', 'end'),
      ({ a, depth, b, start, c, columns, parts, chunk, n, j, end }) => {
        set(n, i32.div_u(chunk, parts))
        set(j, i32.mul(i32.rem_u(chunk, parts), FEW_COLUMNS))
        increase(a, i32.shl(i32.mul(n, depth), 2))
        increase(c, i32.shl(i32.mul(n, columns), 2))
        const operands = (own: Int) => ({
          a,
          depth,
          b: element(b, j),
          columns,
          start: element(start, j),
          c: element(c, j),
          own,
        })
        when(
          i32.ge_u(i32.sub(columns, j), FEW_COLUMNS),
          () => callRoutine(wideRow, operands(FEW_COLUMNS)),
          () => {
            range(j, j, columns, 4, () => {
              atMost(end, i32.sub(columns, j), 4)
              callRoutine(narrowRow, operands(end))
            })
          },
        )
      },
    ),

    /** dw[i,u] = Σₙ x[n,i]·dy[n,u] for some rows i: x is transposed, block by block of n. */
    denseBackwardWeights: task(
      {
        ...integers('x', 'inputs', 'aRows', 'blocks', 'entries', 'panels', 'zeros', 'dw', 'dwRows', 'rows'),
        ...integers('units', 'edges', 'ramp', 'blocksOfX'),
      },
      integers('i', 'own', 'edge', 'turned', 'start', 'inputBytes', 'depth'),
      names => {
        const { x, inputs, aRows, blocks, entries, panels, zeros, dw, dwRows, rows, units, edges, ramp } =
          names
        const { blocksOfX, chunk, thread, i, own, edge, turned, start, inputBytes, depth } = names
        set(i, i32.mul(chunk, WEIGHT_ROWS))
        atMost(own, i32.sub(inputs, i), WEIGHT_ROWS)
        increase(x, i32.shl(i, 2))
        increase(dw, i32.shl(i32.mul(i, units), 2))
        set(edge, i32.add(edges, i32.mul(thread, WEIGHT_ROWS * stride)))
        set(turned, i32.add(blocksOfX, i32.mul(thread, 4 * WEIGHT_ROWS * TURNED_ROW)))
        set(inputBytes, i32.shl(inputs, 2))
        set(start, zeros)
        range(i, 0, blocks, 1, () => {
          set(depth, i32.load({ offset: 8 }, entries))
          callRoutine(cacheRows, { from: x, fromRow: inputBytes, rows: depth, columns: own, sink: turned })
          callRoutine(transpose, {
            from: x,
            fromRow: inputBytes,
            to: turned,
            toRow: 4 * TURNED_ROW,
            rows: depth,
            columns: own,
          })
          callRoutine(multiply, {
            a: turned,
            aRows,
            aStep: 4,
            blocks: 1,
            entries,
            panels,
            panelBytes: i32.mul(rows, stride),
            start,
            zeros,
            c: dw,
            cRows: dwRows,
            rows: own,
            columns: units,
            edge,
            ramp,
          })
          increase(x, i32.mul(depth, inputBytes))
          increase(entries, BLOCK_BYTES)
          set(start, 0)
        })
      },
    ),

    /** db[u] = Σₙ dy[n,u] for 16 units u: chains from 0, n ascending. */
    denseBackwardBias: task(
      integers('dy', 'rows', 'units', 'db'),
      integers('u', 'own'),
      ({ dy, rows, units, db, chunk, u, own }) => {
        set(u, i32.shl(chunk, 4))
        atMost(own, i32.sub(units, u), 16)
        increase(db, i32.shl(u, 2))
        callRoutine(clear, { to: db, n: own })
        callRoutine(addColumns, {
          a: element(dy, u),
          rowBytes: i32.shl(units, 2),
          rows,
          columns: own,
          sums: db,
        })
      },
    ),
  }
}

/** c[j] = start[j] + Σₖ a[k]·b[k,j], in blocks of k, for `width` columns, of which `own` are stored. */
function rowTimesColumns({ numerics }: Target, width: number) {
  return routine(
    integers('a', 'depth', 'b', 'columns', 'start', 'c', 'own'),
    {
      ...{ total: vectors(width / 4), sum: vectors(width / 4), column: vectors(width / 4), number: 'v128' },
      ...integers('stride', 'k', 'left'),
    },
    ({ a, depth, b, columns, start, c, own, total, sum, column, number, stride, k, left }) => {
      set(stride, i32.shl(columns, 2))
      for (const [j, t] of total.entries()) set(t, v128.load({ offset: 16 * j }, start))
      range(k, 0, depth, BLOCK_INPUTS, () => {
        for (const s of sum) set(s, zero())
        atMost(left, i32.sub(depth, k), BLOCK_INPUTS)
        countDown(left, () => {
          for (const [j, v] of column.entries()) set(v, v128.load({ offset: 16 * j }, b))
          set(number, v128.load32_splat({}, a))
          for (const [j, s] of sum.entries()) set(s, multiplyAdd(numerics, s, number, column[j]))
          increase(a, 4)
          increase(b, stride)
        })
        for (const [j, t] of total.entries()) set(t, f32x4.add(t, sum[j]))
      })
      when(
        i32.eq(own, width),
        () => {
          for (const [j, t] of total.entries()) v128.store({ offset: 16 * j }, c, t)
        },
        () => {
          for (const lane of [0, 1, 2])
            when(i32.gt_u(own, lane), () => v128.store32_lane({ offset: 4 * lane }, lane, c, total[0]))
        },
      )
    },
  )
}
