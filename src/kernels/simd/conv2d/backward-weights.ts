import {
  type Conv2DGeometry,
  type Conv2DReluPoolGeometry,
  imagesPerShard,
  type Kernels,
} from '../../kernels.ts'
import { maskScale } from '../../reference/mask-word.ts'
import { onceForEach, onceForEachNumber } from '../assembly/once-for-each.ts'
import { type Blocks, blocksOf } from '../gemm/blocks.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { backwardWeightsFields } from './backward-weights-task.ts'
import { coveredBy, NO_POOL, type Pooling } from './pooling.ts'
import { shardAddition } from './shards.ts'
import { stripsOf } from './strips.ts'
import { usesWinograd } from './winograd.ts'
import { winogradBackwardWeights } from './winograd-backward-weights.ts'

/** Output pixels that are worked on together, about: their planes and gradients stay in the second-level cache. */
const PIXELS = 512
/** Rows of A in a chunk without shards, about. */
const ROWS = 144

interface Compiled {
  readonly geometry: number
  readonly images: number
  readonly shardImages: number
  readonly channelParts: number
  /** Numbers of scratch memory for a thread. */
  readonly scratch: number
  /** The blocks for a number of images together. */
  blocks(images: number): Blocks
}

export function backwardWeightsKernels(
  machine: Machine,
  target: Target,
): Pick<Kernels, 'conv2dBackwardWeights' | 'conv2dReluMaxPool2dBackwardWeights'> {
  const backwardWeights = machine.number('conv2dBackwardWeights')
  const addShards = shardAddition(machine)
  const { tile } = target
  const { threads } = machine.crew
  const winograd = winogradBackwardWeights(machine, target)
  const tables = new Tables(machine)
  const scratch = new Workspace(machine)
  const sums = new Workspace(machine)
  const compiled = onceForEach((g: Conv2DGeometry) => compile(g, NO_POOL))
  const compiledFused = onceForEach((g: Conv2DReluPoolGeometry) => compile(g, g))

  function compile(g: Conv2DGeometry, pool: Pooling): Compiled {
    const { channels, filters, kernelHeight, kernelWidth, strideHeight, strideWidth } = g
    const { outHeight, outWidth, rowsTogether } = coveredBy(pool, g)
    const { images, strips, stripRows, pixels } = stripsOf(outHeight, outWidth, rowsTogether, PIXELS)
    const isPooled = pool !== NO_POOL
    const taps = kernelHeight * kernelWidth
    const shardImages = Math.min(imagesPerShard(g), 2 ** 30)
    const isSharded = Number.isFinite(imagesPerShard(g))
    const partChannels = isSharded ? channels : Math.min(channels, Math.ceil(ROWS / taps))
    const planeRows = (stripRows - 1) * strideHeight + kernelHeight
    const phaseColumns = outWidth + Math.floor((kernelWidth - 1) / strideWidth)
    const planeRowBytes = 4 * strideWidth * phaseColumns
    const planeImageBytes = planeRows * planeRowBytes
    // No multiple of a power of two: the planes' rows would crowd into few cache sets.
    const planeBytes = images * planeImageBytes + 64
    const rows = partChannels * taps
    const panels = Math.ceil(filters / tile.columns)
    const edgeNumbers = rows * tile.columns
    const planesNumbers = (partChannels * planeBytes) / 4
    const packedNumbers = images * pixels * panels * tile.columns

    const { aRows, cRows } = rowsOfTaps(g, { partChannels, phaseColumns, planeBytes, planeRowBytes })
    const geometry: Numbers<typeof backwardWeightsFields> = {
      shardImages,
      channelParts: Math.ceil(channels / partChannels),
      partChannels,
      images,
      strips,
      stripRows,
      pixels,
      height: g.height,
      width: g.width,
      channels,
      filters,
      taps,
      strideHeight,
      strideWidth,
      padTop: g.padTop,
      planeRows,
      planeBytes,
      planeImageBytes,
      planeRowBytes,
      phaseTable: tables.list(phaseTable(g, phaseColumns)),
      aRows: tables.list(aRows),
      cRows: tables.list(cRows),
      zeros: tables.zeros(Math.max(rows, panels * tile.columns)),
      ramp: tables.ramp(4 * tile.columns, rows),
      planesOffset: 4 * edgeNumbers,
      planesNumbers,
      packedOffset: 4 * (edgeNumbers + planesNumbers),
      unpooledOffset: 4 * (edgeNumbers + planesNumbers + packedNumbers),
      outWidth,
      poolHeight: pool.poolHeight,
      poolWidth: pool.poolWidth,
      pooledWidth: pool.pooledWidth,
      cells: isPooled ? pixels / (pool.poolHeight * pool.poolWidth) : 0,
    }
    return {
      geometry: tables.list(valuesOf(backwardWeightsFields, geometry)),
      images,
      shardImages,
      channelParts: geometry.channelParts,
      scratch: edgeNumbers + planesNumbers + packedNumbers + (isPooled ? images * pixels * filters : 0),
      blocks: onceForEachNumber(count => {
        // Rows without a gap between them are one segment.
        const isDense = planeRowBytes * strideHeight === 4 * outWidth
        const segments: number[] = []
        for (let n = 0; n < count; n++) {
          for (let oh = 0; oh < (isDense ? 1 : stripRows); oh++)
            segments.push(n * planeImageBytes + oh * strideHeight * planeRowBytes)
        }
        return blocksOf(tables, segments, isDense ? pixels : outWidth, tile.columns)
      }),
    }
  }

  function run(
    c: Compiled,
    g: Conv2DGeometry,
    rows: number,
    x: Float32Array,
    dy: Float32Array,
    winners: number,
    scale: number,
    dw: Float32Array,
    db: Float32Array | null,
  ): void {
    const weights = g.kernelHeight * g.kernelWidth * g.channels * g.filters
    const isSharded = Number.isFinite(imagesPerShard(g))
    const shards = Math.ceil(rows / c.shardImages)
    // A shard's sums: of dw, then of db.
    const shardBytes = 4 * (weights + g.filters)
    const ownSums = sums.reserve((isSharded ? shards : 1) * (weights + g.filters))
    const group = c.blocks(c.images)
    const rest = c.blocks(rows % c.images || c.images)
    machine.run(
      backwardWeights,
      shards * c.channelParts,
      c.geometry,
      rows,
      x.byteOffset,
      dy.byteOffset,
      winners,
      scale,
      isSharded ? ownSums : dw.byteOffset,
      isSharded || !db ? ownSums + 4 * weights : db.byteOffset,
      shardBytes,
      scratch.reserve(c.scratch * threads),
      4 * c.scratch,
      group.count,
      group.entries,
      rest.count,
      rest.entries,
    )
    if (!isSharded) return
    addShards(weights, ownSums, shards, shardBytes, dw)
    if (db) addShards(g.filters, ownSums + 4 * weights, shards, shardBytes, db)
  }

  return {
    conv2dBackwardWeights(g, rows, x, dy, dw, db) {
      if (usesWinograd(target, g)) winograd.run(g, rows, x, dy, dw, db)
      else run(compiled(g), g, rows, x, dy, 0, 1, dw, db)
    },
    conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, db) {
      const scale = maskScale(mask)
      if (usesWinograd(target, g)) winograd.runFused(g, rows, x, dy, winners, scale, dw, db)
      else run(compiledFused(g), g, rows, x, dy, winners.byteOffset, scale, dw, db)
    },
  }
}

/** For each remainder over the stride, the columns of the image that a plane's row has. */
function phaseTable({ width, strideWidth, padLeft }: Conv2DGeometry, phaseColumns: number): number[] {
  const table: number[] = []
  for (let phase = 0; phase < strideWidth; phase++) {
    const first = Math.max(0, Math.ceil((padLeft - phase) / strideWidth))
    const last = Math.min(phaseColumns - 1, Math.floor((width - 1 + padLeft - phase) / strideWidth))
    const column = first * strideWidth + phase - padLeft
    table.push(column, 4 * (phase * phaseColumns + first), Math.max(0, last - first + 1))
  }
  return table
}

/** Sizes of the planes of a chunk. */
interface Planes {
  readonly partChannels: number
  readonly phaseColumns: number
  readonly planeBytes: number
  readonly planeRowBytes: number
}

/** Where each channel's taps begin in the planes, and where their gradients lie in dw. */
function rowsOfTaps(
  { channels, filters, kernelHeight, kernelWidth, strideWidth }: Conv2DGeometry,
  { partChannels, phaseColumns, planeBytes, planeRowBytes }: Planes,
) {
  const aRows: number[] = []
  const cRows: number[] = []
  for (let c = 0; c < partChannels; c++) {
    for (let kh = 0; kh < kernelHeight; kh++) {
      for (let kw = 0; kw < kernelWidth; kw++) {
        const column = (kw % strideWidth) * phaseColumns + Math.floor(kw / strideWidth)
        aRows.push(c * planeBytes + kh * planeRowBytes + 4 * column)
        cRows.push(4 * filters * ((kh * kernelWidth + kw) * channels + c))
      }
    }
  }
  return { aRows, cRows }
}
