import { i32 } from 'wasmati'
import {
  atMost,
  callRoutine,
  element,
  increase,
  integers,
  readInts,
  set,
  task,
  when,
} from '../assembly/assembly.ts'
import { convolution } from '../conv2d/forward-task.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import { type Extras, maskParameters, poolWindows, poolWindowsOfFour } from './pool-windows.ts'

/*
 * A chunk convolves a strip of windows into scratch memory, [window][pixel of the window][F], and then takes each
 * window's winner from there, so that the map before pooling never reaches the main memory.
 */

/** What pooling a chunk needs of the geometry, as integers in memory. */
export const poolFields = integers('chunkCells', 'windowPixels', 'filters', 'eight')

/** The task with some extras is called this. */
export function forwardTaskName({ isMasked, keepsWinners }: Extras): string {
  return `conv2dReluMaxPool2d${isMasked ? 'Dropout' : ''}${keepsWinners ? 'KeepingWinners' : ''}`
}

export function fusedForwardTasks(target: Target) {
  const convolve = convolution(target)
  const fusedTask = (extras: Extras) => {
    const pool = poolWindows(extras)
    const poolOfFour = poolWindowsOfFour(extras)
    return task(
      {
        ...integers('geometry', 'poolGeometry', 'rows', 'x', 'panels', 'bias', 'y', 'winners', 'cells'),
        ...integers('scratch', 'scratchBytes', 'outOffset'),
        ...maskParameters,
      },
      { ...poolFields, first: 'i32', own: 'i32' },
      names => {
        const { geometry, poolGeometry, rows, x, panels, bias, y, winners, cells, scratch, scratchBytes } =
          names
        const { outOffset, layer, step, limit, scale, chunk, thread, first, own } = names
        const { chunkCells, windowPixels, filters, eight } = names
        readInts(poolGeometry, valuesOf(poolFields, names))
        increase(scratch, i32.mul(thread, scratchBytes))
        increase(outOffset, scratch)
        callRoutine(convolve, { geometry, rows, x, panels, bias, c: outOffset, scratch, chunk })
        set(first, i32.mul(chunk, chunkCells))
        atMost(own, i32.sub(cells, first), chunkCells)
        set(first, i32.mul(first, filters))
        set(y, element(y, first))
        increase(winners, first)
        const mask = { layer, step, limit, scale }
        const args = { pixels: outOffset, cells: own, windowPixels, filters, y, winners, first, ...mask }
        when(
          i32.and(i32.eq(windowPixels, 4), i32.eqz(i32.and(filters, 7))),
          () => callRoutine(poolOfFour, { ...args, eight }),
          () => callRoutine(pool, args),
        )
      },
    )
  }
  const flags = [false, true]
  const all = flags.flatMap(isMasked => flags.map(keepsWinners => ({ isMasked, keepsWinners })))
  return Object.fromEntries(all.map(extras => [forwardTaskName(extras), fusedTask(extras)]))
}
