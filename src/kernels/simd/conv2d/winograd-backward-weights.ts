import type { Conv2DGeometry, Conv2DReluPoolGeometry } from '../../kernels.ts'
import { onceForEach, onceForEachNumber } from '../assembly/once-for-each.ts'
import { type Blocks, blocksOf } from '../gemm/blocks.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { coveredBy, NO_POOL, type Pooling } from './pooling.ts'
import { shardAddition } from './shards.ts'
import { stripsOf } from './strips.ts'
import { cornersOf, evenUp, placeBytes, tileBytes } from './winograd.ts'
import { gradientProductFields } from './winograd-backward-weights-task.ts'
import { stripFields } from './winograd-gradient-tiles-task.ts'
import { PLACES } from './winograd-transforms.ts'

/** Output pixels of a strip, about. */
const PIXELS = 256
/** Tiles of a block of a product: what its panel and its rows take then stays in the first-level cache. */
const BLOCK = 256
/** Numbers of V and D that are worked on together, about, in each place. */
const NUMBERS = 2 ** 17
/** Weights of a tap in a chunk. */
const WEIGHTS = 4096

interface Compiled {
  readonly stripGeometry: number
  readonly productGeometry: number
  /** Images of a strip, or strips of an image. */
  readonly images: number
  readonly strips: number
  /** Tiles of a strip, and of an image of it. */
  readonly stripTiles: number
  readonly imageTiles: number
  /** Strips that are transformed together. */
  readonly together: number
  /** Numbers of scratch memory for a thread, of V and of D. */
  readonly scratch: number
  readonly v: number
  readonly d: number
  /** The blocks of a product over so many tiles. */
  blocks(tiles: number): Blocks
}

/** The weight gradients of convolutions that are done by Winograd's algorithm. */
export function winogradBackwardWeights(machine: Machine, { tile }: Target) {
  const { threads } = machine.crew
  const addShards = shardAddition(machine)
  const tables = new Tables(machine)
  const scratch = new Workspace(machine)
  const transformedInput = new Workspace(machine)
  const transformedGradient = new Workspace(machine)
  const kernelGradient = new Workspace(machine)
  const biasSums = new Workspace(machine)
  const compiled = onceForEach((g: Conv2DGeometry) => compile(g, NO_POOL))
  const compiledFused = onceForEach((g: Conv2DReluPoolGeometry) => compile(g, g))

  function compile(g: Conv2DGeometry, pool: Pooling): Compiled {
    const { channels, filters } = g
    const { outHeight, outWidth, rowsTogether } = coveredBy(pool, g)
    const { images, strips, stripRows } = stripsOf(outHeight, outWidth, rowsTogether, PIXELS)
    const gradientRows = evenUp(stripRows)
    const gradientColumns = evenUp(outWidth)
    const gradientRowBytes = 4 * filters * gradientColumns
    const gradientImageBytes = gradientRows * gradientRowBytes
    const patchRows = gradientRows + 2
    const patchRowBytes = 4 * channels * Math.max(gradientColumns + 2, g.padLeft + g.width)
    const patchImageBytes = patchRows * patchRowBytes
    const imageTiles = (gradientRows / 2) * (gradientColumns / 2)
    const stripTiles = images * imageTiles
    const together = Math.max(1, Math.round(NUMBERS / (channels + filters) / stripTiles))
    const tiles = together * stripTiles
    const panels = Math.ceil(filters / tile.columns)
    const panelBytes = 4 * tile.columns * tiles
    const vTileBytes = tileBytes(channels)
    const vBytes = placeBytes(tiles * vTileBytes)
    const dBytes = placeBytes(panels * panelBytes)
    const numbers = (images * (patchImageBytes + gradientImageBytes)) / 4
    const edgeNumbers = channels * tile.columns
    const stripGeometry: Numbers<typeof stripFields> = {
      images,
      strips,
      stripRows,
      stripTiles,
      imageTiles,
      corners: tables.list(
        cornersOf(images, stripRows, outWidth, patchImageBytes, patchRowBytes, 4 * channels),
      ),
      gradientCorners: tables.list(
        cornersOf(images, stripRows, outWidth, gradientImageBytes, gradientRowBytes, 4 * filters),
      ),
      channels,
      height: g.height,
      rowNumbers: g.width * channels,
      padTop: g.padTop,
      leftBytes: 4 * channels * g.padLeft,
      patchRows,
      patchRowBytes,
      filters,
      outHeight,
      outRowNumbers: g.outWidth * filters,
      gradientRows,
      gradientRowBytes,
      gradientsOffset: images * patchImageBytes,
      numbers,
      pixels: gradientRows * gradientColumns,
      vBytes,
      vTileBytes,
      dBytes,
      panelBytes,
      poolHeight: pool.poolHeight,
      poolWidth: pool.poolWidth,
      pooledHeight: pool.pooledHeight,
      pooledWidth: pool.pooledWidth,
    }
    const productGeometry: Numbers<typeof gradientProductFields> = {
      vBytes,
      vTileBytes,
      aRows: tables.ramp(4, channels),
      dBytes,
      panelBytes,
      zeros: tables.zeros(Math.max(channels, panels * tile.columns)),
      cRows: tables.ramp(4 * filters, channels),
      channels,
      filters,
      ramp: tables.ramp(4 * tile.columns, channels),
      edgeBytes: 4 * edgeNumbers,
    }
    return {
      stripGeometry: tables.list(valuesOf(stripFields, stripGeometry)),
      productGeometry: tables.list(valuesOf(gradientProductFields, productGeometry)),
      images,
      strips,
      stripTiles,
      imageTiles,
      together,
      scratch: Math.max(numbers, edgeNumbers),
      v: (PLACES * vBytes) / 4,
      d: (PLACES * dBytes) / 4,
      blocks: onceForEachNumber(count =>
        blocksOf(tables, [0], count, tile.columns, { step: vTileBytes, longest: BLOCK }),
      ),
    }
  }

  function run(
    c: Compiled,
    { channels, filters }: Conv2DGeometry,
    rows: number,
    x: Float32Array,
    dy: Float32Array,
    winners: number,
    scale: number,
    dw: Float32Array,
    db: Float32Array | null,
  ): void {
    // Found when they are called for: strict numerics has no such tasks.
    const [transformTiles, multiply, transformKernel] = [
      'winogradGradientTiles',
      'winogradGradientProduct',
      'winogradGradientKernel',
    ].map(name => machine.number(name))
    const strips = Math.ceil(rows / c.images) * c.strips
    const v = transformedInput.reserve(c.v)
    const d = transformedGradient.reserve(c.d)
    const du = kernelGradient.reserve(PLACES * channels * filters)
    const sums = biasSums.reserve(strips * filters)
    const own = scratch.reserve(c.scratch * threads)
    for (let first = 0; first < strips; first += c.together) {
      const count = Math.min(c.together, strips - first)
      machine.run(
        transformTiles,
        count,
        c.stripGeometry,
        rows,
        x.byteOffset,
        dy.byteOffset,
        winners,
        scale,
        first,
        v,
        d,
        sums,
        own,
        4 * c.scratch,
      )
      // The last of them may have fewer images.
      const missing = first + count < strips ? 0 : (strips / c.strips) * c.images - rows
      const tiles = count * c.stripTiles - missing * c.imageTiles
      const { count: blocks, entries } = c.blocks(tiles)
      machine.run(multiply, PLACES, c.productGeometry, v, d, du, blocks, entries, Number(first === 0), own)
    }
    const weights = channels * filters
    machine.run(transformKernel, Math.ceil(weights / WEIGHTS), du, dw.byteOffset, weights, WEIGHTS)
    if (db) addShards(filters, sums, strips, 4 * filters, db)
  }

  return {
    run: (
      g: Conv2DGeometry,
      rows: number,
      x: Float32Array,
      dy: Float32Array,
      dw: Float32Array,
      db: Float32Array | null,
    ) => run(compiled(g), g, rows, x, dy, 0, 1, dw, db),
    runFused: (
      g: Conv2DReluPoolGeometry,
      rows: number,
      x: Float32Array,
      dy: Float32Array,
      winners: Uint8Array,
      scale: number,
      dw: Float32Array,
      db: Float32Array | null,
    ) => run(compiledFused(g), g, rows, x, dy, winners.byteOffset, scale, dw, db),
  }
}
