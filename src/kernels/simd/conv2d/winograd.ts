import { i32, v128 } from 'wasmati'
import type { Conv2DGeometry } from '../../kernels.ts'
import {
  atMost,
  callRoutine,
  countDown,
  increase,
  integers,
  ints,
  range,
  readInts,
  routine,
  set,
  when,
} from '../assembly/assembly.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { blocksOf } from '../gemm/blocks.ts'
import { product } from '../gemm/product.ts'
import type { Target } from '../numerics.ts'
import { type Numbers, type Tables, valuesOf } from '../runtime/tables.ts'
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
const TILES = 64

/**
 * Whether a convolution is done by Winograd's algorithm. The error of an output, and NaN or ∞, then come from its whole tile,
 * also from inputs that the output does not see: so never in strict numerics. It pays from 16 channels and filters on: there,
 * on maps of 32×32, it is 1.5 times as fast as the definition's sums.
 */
export function usesWinograd({ numerics }: Target, g: Conv2DGeometry): boolean {
  return (
    numerics === 'fast' &&
    g.kernelHeight === 3 &&
    g.kernelWidth === 3 &&
    g.strideHeight === 1 &&
    g.strideWidth === 1 &&
    g.padTop <= 2 &&
    g.padLeft <= 2 &&
    g.height >= 4 &&
    g.width >= 4 &&
    g.channels >= 16 &&
    g.filters >= 16 &&
    g.channels % STEP === 0 &&
    g.filters % STEP === 0
  )
}

/** Bytes between the transformed tiles of a place: no multiple of a power of two, or tiles would crowd into few cache sets. */
const GAP = 64

/** Pixels that tiles cover in one direction. */
export const evenUp = (pixels: number): number => pixels + (pixels % 2)

/** Bytes from one transformed tile of so many channels to the next. */
export const tileBytes = (channels: number): number => 4 * channels + GAP

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
const fields = {
  ...integers('corners', 'outputs', 'rowBytes', 'channels', 'filters', 'vOffset', 'vBytes', 'vRows'),
  ...integers('blocks', 'entries', 'uBytes', 'panelBytes', 'zeros', 'mOffset', 'mBytes', 'mRows', 'ramp'),
} as const

/** y = the outputs of the first tiles of a geometry's table. The input that they see begins at `a`. */
export const winograd = onceForEach((target: Target) => {
  const multiply = product(target)
  return routine(
    integers('geometry', 'tiles', 'a', 'u', 'bias', 'y', 'scratch'),
    { ...fields, ...integers('t', 'own', 'e', 'v', 'ue', 'm', 'start') },
    names => {
      const { geometry, tiles, a, u, bias, y, scratch, t, own, e, v, ue, m, start, ...f } = names
      readInts(geometry, valuesOf(fields, names))
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
          callRoutine(multiply, {
            a: v,
            aRows: f.vRows,
            aStep: 4,
            blocks: f.blocks,
            entries: f.entries,
            panels: ue,
            panelBytes: f.panelBytes,
            start,
            zeros: f.zeros,
            c: m,
            cRows: f.mRows,
            rows: own,
            columns: f.filters,
            edge: scratch,
            ramp: f.ramp,
          })
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
  )
})

/** A convolution as Winograd's algorithm knows it. */
export interface CompiledWinograd {
  /** The address of its fields. */
  readonly geometry: number
  /** Tiles of an image. */
  readonly tiles: number
  /** Numbers of scratch memory for a thread. */
  readonly scratch: number
}

/** Images, or strips of images, that are convolved together. */
export interface Maps {
  readonly images: number
  /** Sizes of the output. */
  readonly rows: number
  readonly columns: number
  /** Bytes of an image's input, and of a row of it. */
  readonly imageBytes: number
  readonly rowBytes: number
  /** The number, among its image's as they are stored, of each output pixel in row-major order. */
  readonly numbers: readonly number[]
}

/** Bytes from one place to the next, for so many in one: again no multiple of a power of two. */
export const placeBytes = (bytes: number): number => (bytes % 128 === 0 ? bytes + 64 : bytes)

/** Where the tiles of some images begin. */
export function cornersOf(
  images: number,
  rows: number,
  columns: number,
  imageBytes: number,
  rowBytes: number,
  pixelBytes: number,
): number[] {
  const corners: number[] = []
  for (let n = 0; n < images; n++) {
    for (let row = 0; row < rows; row += 2) {
      for (let column = 0; column < columns; column += 2)
        corners.push(n * imageBytes + row * rowBytes + column * pixelBytes)
    }
  }
  return corners
}

export function compileWinograd(
  tables: Tables,
  { tile }: Target,
  { channels, filters }: { readonly channels: number; readonly filters: number },
  { images, rows, columns, imageBytes, rowBytes, numbers }: Maps,
): CompiledWinograd {
  const outputs: number[] = []
  for (let n = 0; n < images; n++) {
    for (let row = 0; row < rows; row += 2) {
      for (let column = 0; column < columns; column += 2) {
        for (const i of [row, row + 1]) {
          for (const j of [column, column + 1]) {
            const pixel = i < rows && j < columns ? i * columns + j : row * columns + column
            outputs.push(4 * filters * (n * rows * columns + numbers[pixel]))
          }
        }
      }
    }
  }
  const blocks = blocksOf(tables, [0], channels, tile.columns)
  const panels = Math.ceil(filters / tile.columns)
  const edgeNumbers = TILES * tile.columns
  const vBytes = placeBytes(TILES * tileBytes(channels))
  const mBytes = placeBytes(TILES * tileBytes(filters))
  const geometry: Numbers<typeof fields> = {
    corners: tables.list(cornersOf(images, rows, columns, imageBytes, rowBytes, 4 * channels)),
    outputs: tables.list(outputs),
    rowBytes,
    channels,
    filters,
    vOffset: 4 * edgeNumbers,
    vBytes,
    vRows: tables.ramp(tileBytes(channels), TILES),
    blocks: blocks.count,
    entries: blocks.entries,
    uBytes: 4 * panels * tile.columns * channels,
    panelBytes: 4 * tile.columns * channels,
    zeros: tables.zeros(Math.max(TILES, panels * tile.columns)),
    mOffset: 4 * edgeNumbers + PLACES * vBytes,
    mBytes,
    mRows: tables.ramp(tileBytes(filters), TILES),
    ramp: tables.ramp(4 * tile.columns, TILES),
  }
  return {
    geometry: tables.list(valuesOf(fields, geometry)),
    tiles: Math.ceil(rows / 2) * Math.ceil(columns / 2),
    scratch: edgeNumbers + (PLACES / 4) * (vBytes + mBytes),
  }
}
