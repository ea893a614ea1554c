import { i32, v128 } from 'wasmati'
import {
  type Arguments,
  atMost,
  callRoutine,
  countDown,
  increase,
  integers,
  ints,
  type Locals,
  range,
  readInts,
  routine,
  set,
  when,
} from '../assembly/assembly.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { multiply } from '../gemm/multiply.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import {
  AT,
  BIAS_PLACE,
  BT,
  loadAlong,
  PLACES,
  SIDES,
  STEP,
  storeAlong,
  transform,
  transformLocals,
} from './winograd-transforms.ts'

/** Tiles that are worked on together. */
export const TILES = 48
/** Bytes between the transformed tiles of a place: no multiple of a power of two, or tiles would crowd into few cache sets. */
export const GAP = 64

/** Vₑ = Bᵀ·d·B of some tiles, `placeBytes` from one place to the next; d begins at `a` + an integer of `corners`. */
export const transformInput = routine(
  integers('a', 'rowBytes', 'channels', 'corners', 'tiles', 'v', 'placeBytes'),
  { ...transformLocals, ...integers('c', 'from', 'to', 'corner', 'pixelBytes', 'wrap') },
  ({ a, rowBytes, channels, corners, tiles, v, placeBytes, ...own }) => {
    const { c, from, to, corner, pixelBytes, wrap } = own
    set(pixelBytes, i32.shl(channels, 2))
    set(wrap, i32.sub(rowBytes, i32.mul(pixelBytes, 3)))
    countDown(tiles, () => {
      set(corner, i32.add(a, i32.load({}, corners)))
      range(c, 0, channels, STEP, () => {
        set(from, corner)
        set(to, v)
        transform(BT, own, loadAlong(from, pixelBytes, wrap), storeAlong(to, placeBytes))
        increase(corner, 4 * STEP)
        increase(v, 4 * STEP)
      })
      increase(v, GAP)
      increase(corners, 4)
    })
  },
)

/** Aᵀ·M·A of some tiles, whose four outputs go to `y` + integers of `pixels`. */
const transformOutput = routine(
  integers('m', 'placeBytes', 'filters', 'pixels', 'tiles', 'y'),
  { ...transformLocals, f: 'i32', from: 'i32', to: ints(4) },
  ({ m, placeBytes, filters, pixels, tiles, y, ...own }) => {
    const { f, from, to, line } = own
    countDown(tiles, () => {
      for (const [p, pixel] of to.entries()) set(pixel, i32.add(y, i32.load({ offset: 4 * p }, pixels)))
      range(f, 0, filters, STEP, () => {
        set(from, m)
        transform(AT, own, loadAlong(from, placeBytes), (i, j, side, vector) =>
          set(line[2 * (2 * i + j) + side], vector),
        )
        // The first pixel last: those that do not exist have been given its place.
        for (const p of [3, 2, 1, 0]) {
          for (const side of SIDES) v128.store({ offset: 16 * side }, to[p], line[2 * p + side])
          increase(to[p], 4 * STEP)
        }
        increase(m, 4 * STEP)
      })
      increase(m, GAP)
      increase(pixels, 16)
    })
  },
)

/** What the algorithm needs of a geometry, as integers in memory. */
export const winogradFields = {
  ...integers('corners', 'outputs', 'rowBytes', 'channels', 'filters', 'vOffset', 'vBytes', 'aRows'),
  ...integers('blocks', 'entries', 'uBytes', 'panelBytes', 'zeros', 'mOffset', 'mBytes', 'cRows', 'ramp'),
} as const

const winogradParameters = integers('geometry', 'tiles', 'a', 'u', 'bias', 'y', 'scratch')

/** y = the outputs of the first tiles of a geometry's table. The input that they see begins at `a`. */
const winograd = onceForEach((target: Target) =>
  routine(
    winogradParameters,
    { ...winogradFields, ...integers('t', 'own', 'e', 'v', 'ue', 'm', 'start') },
    names => {
      const { geometry, tiles, a, u, bias, y, scratch, t, own, e, v, ue, m, start, ...f } = names
      readInts(geometry, valuesOf(winogradFields, names))
      range(t, 0, tiles, TILES, () => {
        atMost(own, i32.sub(tiles, t), TILES)
        set(v, i32.add(scratch, f.vOffset))
        set(m, i32.add(scratch, f.mOffset))
        set(ue, u)
        callRoutine(transformInput, {
          a,
          rowBytes: f.rowBytes,
          channels: f.channels,
          corners: f.corners,
          tiles: own,
          v,
          placeBytes: f.vBytes,
        })
        range(e, 0, PLACES, 1, () => {
          set(start, f.zeros)
          when(i32.eq(e, BIAS_PLACE), () => set(start, bias))
          const operands = { a: v, panels: ue, start, c: m, rows: own, columns: f.filters, edge: scratch }
          multiply(target, f, operands)
          increase(v, f.vBytes)
          increase(ue, f.uBytes)
          increase(m, f.mBytes)
        })
        set(m, i32.add(scratch, f.mOffset))
        callRoutine(transformOutput, {
          m,
          placeBytes: f.mBytes,
          filters: f.filters,
          pixels: f.outputs,
          tiles: own,
          y,
        })
        increase(f.corners, 4 * TILES)
        increase(f.outputs, 16 * TILES)
      })
    },
  ),
)

/** Winograd's tiles of a strip, or of an image; and the address of what the algorithm needs, 0 where it is not used. */
export const winogradChoice = integers('tiles', 'winogradGeometry')

/** y = a convolution of `own` images, or of a strip, by Winograd's algorithm, where that is used; else `direct()`. */
export function winogradOr(
  direct: () => void,
  target: Target,
  { own, tiles, winogradGeometry: geometry }: Locals<typeof winogradChoice & { own: 'i32' }>,
  operands: Omit<Arguments<typeof winogradParameters>, 'geometry' | 'tiles'>,
): void {
  // Strict numerics does without it, and without the code.
  if (target.numerics === 'strict') direct()
  else
    when(
      geometry,
      () => callRoutine(winograd(target), { geometry, tiles: i32.mul(own, tiles), ...operands }),
      direct,
    )
}
