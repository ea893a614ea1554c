import { i32 } from 'wasmati'
import {
  atMost,
  callRoutine,
  countDown,
  element,
  increase,
  integers,
  range,
  readInts,
  set,
  task,
  when,
} from '../assembly/assembly.ts'
import { unpool } from '../conv2d-relu-max-pool2d/unpool.ts'
import { multiply } from '../gemm/multiply.ts'
import { clear, packing } from '../gemm/pack.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import { copyPadded } from './copy-padded.ts'
import { winogradChoice, winogradOr } from './winograd-task.ts'

/*
 * The gradient of a convolution's input is a product as well: row i of A holds the gradients of the outputs that see
 * input pixel i, a segment of F numbers for each tap of the kernel; B is the kernel turned over, [taps·F, C].
 *
 * With strides, the taps that reach a pixel depend on its place: the pixels are taken in phases, those whose row and
 * column leave the same remainders, and each phase is a product of its own. A chunk is some images; their gradients are
 * copied with zeros around them, which stand for outputs that do not exist.
 */

/** What a chunk needs of the geometry, as integers in memory. */
export const backwardInputFields = {
  ...integers('images', 'channels', 'filters', 'imageNumbers'),
  // The gradients of an image, dy: bytes of all, rows, numbers of a row.
  ...integers('outBytes', 'outHeight', 'outRowNumbers'),
  // Their copy with zeros around: rows above them, rows in all, bytes of a row, bytes at the left.
  ...integers('top', 'paddedRows', 'paddedRowBytes', 'leftBytes'),
  // How many products there are, the address of their table, and whether they leave pixels out.
  ...integers('phases', 'phaseTable', 'isSparse'),
  ...integers('zeros', 'ramp'),
  /** Where in scratch memory, in numbers, the copy begins: behind the product's edge. */
  edgeNumbers: 'i32',
  /** 0 where nothing was pooled. */
  ...integers('poolHeight', 'poolWidth', 'pooledHeight', 'pooledWidth'),
  ...winogradChoice,
} as const

/** An entry of the table of phases: its pixels of an image, and what its product asks for. */
export const phaseFields = {
  ...integers('pixels', 'aRows', 'blocks', 'entries', 'panelsOffset', 'panelBytes', 'cRows'),
} as const
const PHASE_BYTES = 4 * Object.keys(phaseFields).length

export function backwardInputTasks(target: Target) {
  const { packColumns } = packing(target.tile)
  return {
    /** Packs the kernel's taps, one after the other as a table has them: where from, where to, bytes of a panel. */
    packTurnedKernel: task(
      integers('w', 'to', 'table', 'taps', 'channels', 'filters'),
      integers('from', 'target', 'panelBytes'),
      ({ w, to, table, taps, channels, filters, from, target, panelBytes }) => {
        countDown(taps, () => {
          readInts(table, [from, target, panelBytes])
          callRoutine(packColumns, {
            from: i32.add(w, from),
            fromRow: i32.shl(filters, 2),
            to: i32.add(to, target),
            panelBytes,
            depth: filters,
            columns: channels,
          })
          increase(table, 12)
        })
      },
    ),

    /** Where there are winners, dy is the gradient of the pooled map. */
    conv2dBackwardInput: task(
      {
        ...integers('geometry', 'rows', 'dy', 'winners'),
        scale: 'f32',
        ...integers('panels', 'dx', 'scratch', 'scratchBytes'),
      },
      { ...backwardInputFields, ...phaseFields, ...integers('n', 'own', 'a', 'to', 'g', 'edge', 'size') },
      names => {
        const { geometry, rows, dy, winners, scale, panels, dx, scratch, scratchBytes, chunk, thread, ...f } =
          names
        readInts(geometry, valuesOf(backwardInputFields, names))
        set(f.n, i32.mul(chunk, f.images))
        atMost(f.own, i32.sub(rows, f.n), f.images)
        increase(dy, i32.mul(f.n, f.outBytes))
        increase(dx, i32.shl(i32.mul(f.n, f.imageNumbers), 2))
        set(f.edge, i32.add(scratch, i32.mul(thread, scratchBytes)))
        set(f.a, element(f.edge, f.edgeNumbers))
        set(f.size, i32.mul(f.paddedRows, f.paddedRowBytes))
        callRoutine(clear, { to: f.a, n: i32.shr_u(i32.mul(f.own, f.size), 2) })
        set(f.to, f.a)
        increase(winners, i32.shr_u(i32.mul(f.n, f.outBytes), 2))
        range(f.g, 0, f.own, 1, () => {
          when(
            f.poolHeight,
            () =>
              callRoutine(unpool, {
                dy,
                winners,
                scale,
                to: i32.add(f.to, i32.add(i32.mul(f.top, f.paddedRowBytes), f.leftBytes)),
                rowBytes: f.paddedRowBytes,
                cellRows: f.pooledHeight,
                cellColumns: f.pooledWidth,
                poolHeight: f.poolHeight,
                poolWidth: f.poolWidth,
                filters: f.filters,
              }),
            () =>
              callRoutine(copyPadded, {
                image: dy,
                first: i32.sub(0, f.top),
                height: f.outHeight,
                rowNumbers: f.outRowNumbers,
                to: f.to,
                rows: f.paddedRows,
                rowBytes: f.paddedRowBytes,
                leftBytes: f.leftBytes,
              }),
          )
          increase(dy, f.outBytes)
          increase(winners, i32.shr_u(f.outBytes, 2))
          increase(f.to, f.size)
        })
        when(f.isSparse, () => callRoutine(clear, { to: dx, n: i32.mul(f.own, f.imageNumbers) }))
        const direct = () =>
          countDown(f.phases, () => {
            readInts(f.phaseTable, valuesOf(phaseFields, names))
            multiply(target, f, {
              a: f.a,
              panels: i32.add(panels, f.panelsOffset),
              start: f.zeros,
              c: dx,
              rows: i32.mul(f.own, f.pixels),
              columns: f.channels,
              edge: f.edge,
            })
            increase(f.phaseTable, PHASE_BYTES)
          })
        winogradOr(direct, target, f, { a: f.a, u: panels, bias: f.zeros, y: dx, scratch: f.edge })
      },
    ),
  }
}
