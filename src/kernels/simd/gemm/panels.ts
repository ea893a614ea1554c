import { i32 } from 'wasmati'
import { atMost, callRoutine, increase, integers, set, task } from '../assembly/assembly.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { Workspace } from '../runtime/tables.ts'
import { packing } from './pack.ts'

/** Rows or columns of B in a chunk: a share of a large matrix for each thread, a small one as a whole. */
const PACKED = 1024

/** Pack all of B, once for all chunks of a product. */
export function panelTasks({ tile }: Target) {
  const stride = 4 * tile.columns
  const { packRows, packColumns } = packing(tile)
  return {
    /** Packs rows k of B[depth][columns]. */
    packRows: task(
      integers('b', 'panels', 'depth', 'columns'),
      integers('k', 'own'),
      ({ b, panels, depth, columns, chunk, k, own }) => {
        set(k, i32.mul(chunk, PACKED))
        atMost(own, i32.sub(depth, k), PACKED)
        increase(b, i32.shl(i32.mul(k, columns), 2))
        increase(panels, i32.mul(k, stride))
        callRoutine(packRows, {
          from: b,
          fromRow: i32.shl(columns, 2),
          to: panels,
          panelBytes: i32.mul(depth, stride),
          depth: own,
          columns,
        })
      },
    ),

    /** Packs columns j of B, given as its transpose [columns][depth]. */
    packColumns: task(
      integers('b', 'panels', 'depth', 'columns'),
      integers('j', 'own'),
      ({ b, panels, depth, columns, chunk, j, own }) => {
        set(j, i32.mul(chunk, PACKED))
        atMost(own, i32.sub(columns, j), PACKED)
        increase(b, i32.shl(i32.mul(j, depth), 2))
        increase(panels, i32.shl(i32.mul(j, depth), 2))
        callRoutine(packColumns, {
          from: b,
          fromRow: i32.shl(depth, 2),
          to: panels,
          panelBytes: i32.mul(depth, stride),
          depth,
          columns: own,
        })
      },
    ),
  }
}

/** Packs a matrix, and returns the address of its panels, which stay until the next one is packed. */
export type Pack = (b: Float32Array, depth: number, columns: number) => number

/** Packs B[depth][columns], or B given as its transpose; both into the same memory. */
export function panelPacking(machine: Machine, { tile }: Target): { packRows: Pack; packColumns: Pack } {
  const packRows = machine.number('packRows')
  const packColumns = machine.number('packColumns')
  const memory = new Workspace(machine)
  const pack = (task: number, chunked: number, b: Float32Array, depth: number, columns: number) => {
    const panels = memory.reserve(Math.ceil(columns / tile.columns) * tile.columns * depth)
    machine.run(task, Math.ceil(chunked / PACKED), b.byteOffset, panels, depth, columns)
    return panels
  }
  return {
    packRows: (b, depth, columns) => pack(packRows, depth, b, depth, columns),
    packColumns: (b, depth, columns) => pack(packColumns, columns, b, depth, columns),
  }
}
