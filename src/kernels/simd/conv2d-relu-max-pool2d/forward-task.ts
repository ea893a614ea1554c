import { i32 } from 'wasmati'
import {
  atMost,
  callRoutine,
  element,
  increase,
  integers,
  readInts,
  routine,
  set,
  task,
  when,
} from '../assembly/assembly.ts'
import { chunkLocals, chunkParameters, convolution, findInput } from '../conv2d/forward-task.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import { convolveWindows } from './convolve-windows.ts'
import { type Extras, maskParameters, poolWindows } from './pool-windows.ts'

/*
 * A chunk takes the winners of a strip of windows, so that the map before pooling never reaches the main memory: windows of
 * four pixels are pooled in registers; others, and those whose sums are cut into blocks or are Winograd's, are convolved into
 * scratch memory, [window][pixel of the window][F], and pooled from there.
 */

/** What pooling a chunk needs of the geometry, as integers in memory. */
export const poolFields = integers('chunkCells', 'windowPixels', 'filters', 'isInRegisters', 'laneNumbers')

/** What there is to a forward pass: the mask comes with winners to keep. */
const EXTRAS: readonly Extras[] = [
  { isMasked: false, keepsWinners: false },
  { isMasked: false, keepsWinners: true },
  { isMasked: true, keepsWinners: true },
]

/** The task with some extras is called this. */
export function forwardTaskName({ isMasked, keepsWinners }: Extras): string {
  return `conv2dReluMaxPool2d${isMasked ? 'Dropout' : ''}${keepsWinners ? 'KeepingWinners' : ''}`
}

export function fusedForwardTasks(target: Target) {
  return Object.fromEntries(EXTRAS.map(extras => [forwardTaskName(extras), forwardTask(target, extras)]))
}

function forwardTask(target: Target, extras: Extras) {
  const convolve = convolution(target)
  const pool = poolWindows(extras)
  const convolveAndPool = chunkInRegisters(target, extras)
  return task(
    {
      ...integers('geometry', 'poolGeometry', 'rows', 'x', 'panels', 'bias', 'y', 'winners', 'cells'),
      ...integers('scratch', 'scratchBytes', 'outOffset'),
      ...maskParameters,
    },
    { ...poolFields, first: 'i32', own: 'i32' },
    names => {
      const { geometry, poolGeometry, rows, x, panels, bias, y, winners, cells } = names
      const { scratch, scratchBytes, outOffset, layer, step, limit, scale, chunk, thread, first, own } = names
      const { chunkCells, windowPixels, filters, isInRegisters, laneNumbers } = names
      readInts(poolGeometry, valuesOf(poolFields, names))
      increase(scratch, i32.mul(thread, scratchBytes))
      increase(outOffset, scratch)
      set(first, i32.mul(chunk, chunkCells))
      atMost(own, i32.sub(cells, first), chunkCells)
      set(first, i32.mul(first, filters))
      set(y, element(y, first))
      increase(winners, first)
      const operands = { geometry, rows, x, scratch, chunk, panels, bias }
      const outputs = { y, winners, first }
      const mask = { layer, step, limit, scale }
      when(
        isInRegisters,
        () => callRoutine(convolveAndPool, { ...operands, cells: own, ...outputs, laneNumbers, ...mask }),
        () => {
          callRoutine(convolve, { ...operands, c: outOffset })
          callRoutine(pool, { pixels: outOffset, cells: own, windowPixels, filters, ...outputs, ...mask })
        },
      )
    },
  )
}

/** One chunk of windows that are pooled in registers. */
function chunkInRegisters(target: Target, extras: Extras) {
  const windows = convolveWindows(target, extras)
  return routine(
    {
      ...chunkParameters,
      ...integers('panels', 'bias', 'cells', 'y', 'winners', 'first', 'laneNumbers'),
      ...maskParameters,
    },
    { ...chunkLocals, ...integers('segments', 'jumps', 'depth') },
    names => {
      const { a, aRows, entries, segments, jumps, depth, panels, panelBytes, bias, cells, filters } = names
      const { y, winners, first, laneNumbers, scratch, layer, step, limit, scale } = names
      findInput(names)
      readInts(entries, [segments, jumps, depth])
      const sums = { a, aRows, segments, jumps, depth, panels, panelBytes, bias, cells, filters }
      callRoutine(windows, { ...sums, y, winners, first, laneNumbers, scratch, layer, step, limit, scale })
    },
  )
}
