import { i32 } from 'wasmati'
import type { Conv2DGeometry } from '../../kernels.ts'
import {
  atMost,
  callRoutine,
  element,
  increase,
  integers,
  range,
  set,
  type Task,
  task,
} from '../assembly/assembly.ts'
import { packing } from '../gemm/pack.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { Workspace } from '../runtime/tables.ts'
import { G, loadAlong, PLACES, STEP, storeAlong, transform, transformLocals } from './winograd-transforms.ts'

/** None in strict numerics. */
export function winogradKernelTasks(target: Target): { readonly [name: string]: Task } {
  if (target.numerics === 'strict') return {}
  const { packRows, packColumns } = packing(target.tile)
  const width = target.tile.columns
  const transformKernel = (isTurned: boolean) =>
    task(
      integers('w', 'u', 'channels', 'filters', 'scratch', 'scratchBytes'),
      {
        ...transformLocals,
        ...integers('first', 'own', 'n', 'k', 'from', 'to', 'step', 'placeBytes', 'panelBytes', 'uBytes'),
      },
      names => {
        const { w, u, channels, filters, scratch, scratchBytes, chunk, thread, ...f } = names
        increase(scratch, i32.mul(thread, scratchBytes))
        set(f.first, i32.mul(chunk, width))
        atMost(f.own, i32.sub(channels, f.first), width)
        set(f.n, i32.mul(f.own, filters))
        set(f.placeBytes, i32.shl(f.n, 2))
        set(f.step, i32.shl(i32.mul(channels, filters), 2))
        increase(w, i32.shl(i32.mul(f.first, filters), 2))
        if (isTurned) {
          increase(w, i32.shl(f.step, 3))
          set(f.step, i32.sub(0, f.step))
        }
        range(f.k, 0, f.n, STEP, () => {
          set(f.from, element(w, f.k))
          set(f.to, element(scratch, f.k))
          transform(G, f, loadAlong(f.from, f.step), storeAlong(f.to, f.placeBytes))
        })
        const [depth, columns] = isTurned ? [filters, channels] : [channels, filters]
        set(f.panelBytes, i32.mul(depth, 4 * width))
        set(f.uBytes, i32.mul(i32.div_u(i32.add(columns, width - 1), width), f.panelBytes))
        increase(u, isTurned ? i32.mul(chunk, f.panelBytes) : i32.mul(f.first, 4 * width))
        range(f.k, 0, PLACES, 1, () => {
          if (isTurned)
            callRoutine(packColumns, {
              from: scratch,
              fromRow: i32.shl(filters, 2),
              to: u,
              panelBytes: f.panelBytes,
              depth: filters,
              columns: f.own,
            })
          else
            callRoutine(packRows, {
              from: scratch,
              fromRow: i32.shl(filters, 2),
              to: u,
              panelBytes: f.panelBytes,
              depth: f.own,
              columns: filters,
            })
          increase(scratch, f.placeBytes)
          increase(u, f.uBytes)
        })
      },
    )
  return {
    /** Packs U = G·g·Gᵀ, [place][C, F]: some channels a chunk. */
    winogradKernel: transformKernel(false),
    /** The same of the kernel turned over, [place][F, C], for the gradient of the input. */
    winogradTurnedKernel: transformKernel(true),
  }
}

/** Transforms and packs kernels, and returns the address of the last one. */
export function winogradKernel(
  machine: Machine,
  { tile: { columns: width } }: Target,
  isTurned: boolean,
): (g: Conv2DGeometry, w: Float32Array) => number {
  const packed = new Workspace(machine)
  const scratch = new Workspace(machine)
  return ({ channels, filters }, w) => {
    const [depth, columns] = isTurned ? [filters, channels] : [channels, filters]
    const u = packed.reserve(PLACES * depth * Math.ceil(columns / width) * width)
    const own = PLACES * width * filters
    const from = scratch.reserve(machine.crew.threads * own)
    // Found when it is called for: strict numerics has no such task.
    const pack = machine.number(isTurned ? 'winogradTurnedKernel' : 'winogradKernel')
    machine.run(pack, Math.ceil(channels / width), w.byteOffset, u, channels, filters, from, 4 * own)
    return u
  }
}
