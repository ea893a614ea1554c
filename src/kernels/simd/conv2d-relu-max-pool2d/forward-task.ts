import { f32x4, i32, i32x4, type Local, v128 } from 'wasmati'
import {
  atMost,
  callRoutine,
  constant,
  element,
  type Int,
  increase,
  integers,
  type Locals,
  range,
  readInts,
  routine,
  set,
  task,
  type Vector,
  vectors,
  when,
} from '../assembly/assembly.ts'
import { fours, foursLocals } from '../assembly/fours.ts'
import { convolution } from '../conv2d/forward-task.ts'
import { maskWords } from '../mask-word.ts'
import type { Target } from '../numerics.ts'
import { select } from '../operations.ts'
import { valuesOf } from '../runtime/tables.ts'

/*
 * A chunk convolves a strip of windows into scratch memory, [window][pixel of the window][F], and then takes each
 * window's winner from there, so that the map before pooling never reaches the main memory.
 */

/** What pooling a chunk needs of the geometry, as integers in memory. */
export const poolFields = integers('chunkCells', 'windowPixels', 'filters')

/** A mask's words, and the largest word that drops an element. */
const maskParameters = { ...integers('layer', 'step', 'limit'), scale: 'f32' } as const

/** The locals in which a window's winner is looked for: its value, its slot, and whether there is a NaN. */
const findLocals = {
  best: 'v128',
  winner: 'v128',
  nan: 'v128',
  pixel: vectors(4),
  isLater: vectors(2),
  slot: 'i32',
  address: 'i32',
} as const

type Find = Locals<typeof findLocals>

/** The first of the largest of a window's pixels, one after the other. */
function findWinner(
  { best, winner, nan, pixel: [pixel], slot, address }: Find,
  load: (array: Int) => Vector,
  pixelBytes: Local<'i32'>,
  windowPixels: Local<'i32'>,
): void {
  set(best, load(address))
  set(nan, f32x4.ne(best, best))
  set(winner, constant(0))
  range(slot, 1, windowPixels, 1, () => {
    increase(address, pixelBytes)
    set(pixel, load(address))
    // A later winner has the larger slot, so the largest is the last.
    set(winner, i32x4.max_s(winner, v128.and(f32x4.gt(pixel, best), i32x4.splat(slot))))
    set(best, f32x4.pmax(best, pixel))
    set(nan, v128.or(nan, f32x4.ne(pixel, pixel)))
  })
}

/** The same for the four pixels of a 2×2 window, in pairs: 1.5 times faster where it matters most. */
function findWinnerOfFour(
  target: Target,
  { best, winner, nan, pixel, isLater, address }: Find,
  load: (array: Int) => Vector,
  pixelBytes: Local<'i32'>,
): void {
  for (const p of pixel) {
    set(p, load(address))
    increase(address, pixelBytes)
  }
  for (const pair of [0, 1]) {
    const [first, second] = [pixel[2 * pair], pixel[2 * pair + 1]]
    set(isLater[pair], f32x4.gt(second, first))
    // Neither larger nor not larger: there is a NaN.
    const isOrdered = v128.or(f32x4.le(second, first), isLater[pair])
    set(nan, pair === 0 ? isOrdered : v128.and(isOrdered, nan))
    set(first, f32x4.pmax(first, second))
  }
  set(nan, v128.not(nan))
  set(best, f32x4.gt(pixel[2], pixel[0]))
  const later = i32x4.sub(i32x4.splat(2), isLater[1])
  const earlier = i32x4.neg(isLater[0])
  set(winner, select(target, later, earlier, best))
  set(best, f32x4.pmax(pixel[0], pixel[2]))
}

/**
 * y and the winners of some windows; `first` is the number of their first element in the whole of y, which the mask goes
 * by. Without a mask its parameters are not looked at.
 */
function poolWindows(target: Target, isOfFour: boolean, isMasked: boolean) {
  return routine(
    {
      ...integers('pixels', 'cells', 'windowPixels', 'filters', 'y', 'winners', 'first'),
      ...maskParameters,
    },
    { ...foursLocals, ...findLocals, cell: 'i32', filterBytes: 'i32', isPositive: 'v128' },
    names => {
      const { pixels, cells, windowPixels, filters, y, winners, first, layer, step, limit, scale } = names
      const { cell, filterBytes, best, winner, nan, isPositive, i } = names
      set(filterBytes, i32.shl(filters, 2))
      range(cell, 0, cells, 1, () => {
        fours(names, 0, filters, ({ load, store, storeBytes }) => {
          set(names.address, pixels)
          if (isOfFour) findWinnerOfFour(target, names, load, filterBytes)
          else findWinner(names, load, filterBytes, windowPixels)
          // Where ReLU leaves zeros alone they tie, and the first of them is y: 0, or −0.
          set(isPositive, f32x4.gt(best, constant(0)))
          set(best, select(target, best, f32x4.pmax(load(pixels), constant(0)), isPositive))
          set(best, v128.or(best, nan))
          set(winner, v128.or(winner, v128.or(v128.not(isPositive), nan)))
          if (isMasked) {
            const words = maskWords(nan, i32.add(first, i), layer, step)
            set(nan, i32x4.le_u(words, i32x4.splat(limit)))
            set(winner, v128.or(winner, nan))
            set(best, v128.andnot(f32x4.mul(best, f32x4.splat(scale)), nan))
          }
          store(y, best)
          storeBytes(winners, winner)
        })
        increase(pixels, i32.mul(windowPixels, filterBytes))
        increase(y, filterBytes)
        increase(winners, filters)
        increase(first, filters)
      })
    },
  )
}

export function fusedForwardTasks(target: Target) {
  const convolve = convolution(target)
  const fusedTask = (isMasked: boolean) => {
    const poolOfFour = poolWindows(target, true, isMasked)
    const poolOfAny = poolWindows(target, false, isMasked)
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
        const { chunkCells, windowPixels, filters } = names
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
          i32.eq(windowPixels, 4),
          () => callRoutine(poolOfFour, args),
          () => callRoutine(poolOfAny, args),
        )
      },
    )
  }
  return { conv2dReluMaxPool2d: fusedTask(false), conv2dReluMaxPool2dDropout: fusedTask(true) }
}
