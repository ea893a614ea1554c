import type { Conv2DGeometry } from '../../kernels.ts'
import { blocksOf } from '../gemm/blocks.ts'
import type { Target } from '../numerics.ts'
import { type Numbers, type Tables, valuesOf } from '../runtime/tables.ts'
import { GAP, TILES, winogradFields } from './winograd-task.ts'
import { PLACES, STEP } from './winograd-transforms.ts'

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

/** Pixels that tiles cover in one direction. */
export const evenUp = (pixels: number): number => pixels + (pixels % 2)

/** Bytes from one transformed tile of so many channels to the next. */
export const tileBytes = (channels: number): number => 4 * channels + GAP

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
  const geometry: Numbers<typeof winogradFields> = {
    corners: tables.list(cornersOf(images, rows, columns, imageBytes, rowBytes, 4 * channels)),
    outputs: tables.list(outputs),
    rowBytes,
    channels,
    filters,
    vOffset: 4 * edgeNumbers,
    vBytes,
    aRows: tables.ramp(tileBytes(channels), TILES),
    blocks: blocks.count,
    entries: blocks.entries,
    uBytes: 4 * panels * tile.columns * channels,
    panelBytes: 4 * tile.columns * channels,
    zeros: tables.zeros(Math.max(TILES, panels * tile.columns)),
    mOffset: 4 * edgeNumbers + PLACES * vBytes,
    mBytes,
    cRows: tables.ramp(tileBytes(filters), TILES),
    ramp: tables.ramp(4 * tile.columns, TILES),
  }
  return {
    geometry: tables.list(valuesOf(winogradFields, geometry)),
    tiles: Math.ceil(rows / 2) * Math.ceil(columns / 2),
    scratch: edgeNumbers + (PLACES / 4) * (vBytes + mBytes),
  }
}
