import { i32 } from 'wasmati'
import {
  atMost,
  element,
  integers,
  range,
  readInts,
  set,
  type Task,
  task,
  when,
} from '../assembly/assembly.ts'
import { multiply } from '../gemm/multiply.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import { gradientTilesTask } from './winograd-gradient-tiles-task.ts'
import { GT, loadAlong, STEP, storeAlong, transform, transformLocals } from './winograd-transforms.ts'

/*
 * The gradient of a kernel by Winograd's algorithm is the gradient of the algorithm: with V = Bᵀ·d·B as in the forward pass,
 *
 *   D = A·dy·Aᵀ,   dUₑ = Σ over tiles Vₑᵀ·Dₑ,   dg = Gᵀ·dU·G
 *
 * Strips of images are transformed, some of them together; then a chunk is one place e of the products, which go on from
 * the sums that earlier strips have left. So the order of all additions follows from the geometry.
 */

/** What the products need of the geometry, as integers in memory. */
export const gradientProductFields = {
  ...integers('vBytes', 'vTileBytes', 'aRows', 'dBytes', 'panelBytes', 'zeros', 'cRows', 'channels'),
  ...integers('filters', 'ramp', 'edgeBytes'),
} as const

/** dUₑ ← start + Vₑᵀ·Dₑ, or dUₑ + …: a place e a chunk. */
function gradientProductTask(target: Target): Task {
  return task(
    integers('geometry', 'v', 'd', 'du', 'blocks', 'entries', 'isFirst', 'scratch'),
    { ...gradientProductFields, start: 'i32' },
    names => {
      const { geometry, v, d, du, blocks, entries, isFirst, scratch, chunk, thread, start, ...f } = names
      readInts(geometry, valuesOf(gradientProductFields, names))
      when(isFirst, () => set(start, f.zeros))
      const operands = {
        a: i32.add(v, i32.mul(chunk, f.vBytes)),
        panels: i32.add(d, i32.mul(chunk, f.dBytes)),
        start,
        c: i32.add(du, i32.shl(i32.mul(chunk, i32.mul(f.channels, f.filters)), 2)),
        rows: f.channels,
        columns: f.filters,
        edge: i32.add(scratch, i32.mul(thread, f.edgeBytes)),
      }
      multiply(target, { ...f, blocks, entries }, operands, f.vTileBytes)
    },
  )
}

/** dg = Gᵀ·dU·G, for `size` of all `n` weights of a tap in a chunk. */
function gradientKernelTask(): Task {
  return task(
    integers('du', 'dw', 'n', 'size'),
    { ...transformLocals, ...integers('k', 'end', 'from', 'to', 'step') },
    ({ du, dw, n, size, chunk, k, end, from, to, step, ...own }) => {
      set(step, i32.shl(n, 2))
      set(k, i32.mul(chunk, size))
      atMost(end, i32.add(k, size), n)
      range(k, k, end, STEP, () => {
        set(from, element(du, k))
        set(to, element(dw, k))
        transform(GT, own, loadAlong(from, step), storeAlong(to, step))
      })
    },
  )
}

/** None in strict numerics. */
export function winogradGradientTasks(target: Target): { readonly [name: string]: Task } {
  if (target.numerics === 'strict') return {}
  return {
    winogradGradientTiles: gradientTilesTask(target),
    winogradGradientProduct: gradientProductTask(target),
    winogradGradientKernel: gradientKernelTask(),
  }
}
