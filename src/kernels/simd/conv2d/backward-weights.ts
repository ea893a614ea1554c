import { f32x4, i32 } from 'wasmati'
import {
  type Conv2DGeometry,
  type Conv2DReluPoolGeometry,
  imagesPerShard,
  type Kernels,
} from '../../kernels.ts'
import {
  atMost,
  callRoutine,
  constant,
  element,
  increase,
  integers,
  range,
  readInts,
  set,
  task,
  when,
} from '../assembly/assembly.ts'
import { chunksOf, elementwise } from '../assembly/fours.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { unpool } from '../conv2d-relu-max-pool2d/unpool.ts'
import { addColumns } from '../gemm/add-columns.ts'
import { type Blocks, blocksOf, evenPart, imagesTogether } from '../gemm/blocks.ts'
import { clear, packing, transpose } from '../gemm/pack.ts'
import { product } from '../gemm/product.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { usesWinograd } from './winograd.ts'
import { winogradBackwardWeights } from './winograd-backward-weights.ts'
import { winogradGradientTasks } from './winograd-gradients.ts'

/*
 * The gradient of a convolution's kernel as a product over pixels: row i of A holds what tap (kh, kw) of channel c sees,
 * pixel by pixel; B is the gradient of the output, [pixels, F].
 *
 * The input is transposed, so that a channel's pixels lie side by side: as a plane for each channel, padded with zeros,
 * its columns sorted by their remainder over the stride. Then all taps read the same plane, each from another start,
 * a segment for each output row.
 *
 * A chunk is a shard of images, whose sums are added up afterwards; or, where there are no shards, some channels over
 * all images. Either goes through its images strip by strip.
 */

/** What a chunk needs of the geometry, as integers in memory. */
const fields = {
  ...integers('shardImages', 'channelParts', 'partChannels', 'images', 'strips', 'stripRows', 'pixels'),
  ...integers('height', 'width', 'channels', 'filters', 'taps', 'strideHeight', 'strideWidth', 'padTop'),
  ...integers('planeRows', 'planeBytes', 'planeImageBytes', 'planeRowBytes', 'phaseTable', 'aRows'),
  ...integers('dwRows', 'zeros', 'ramp', 'planesOffset', 'planesNumbers', 'packedOffset', 'unpooledOffset'),
  outWidth: 'i32',
  /** 0 where nothing was pooled. */
  ...integers('poolHeight', 'poolWidth', 'pooledWidth'),
  /** Windows of a strip, or of an image. */
  cells: 'i32',
} as const

export function convBackwardWeightsTasks(target: Target) {
  const multiply = product(target)
  const { packRows } = packing(target.tile)
  const stride = 4 * target.tile.columns
  return {
    ...winogradGradientTasks(target),

    conv2dBackwardWeights: task(
      {
        ...integers('geometry', 'rows', 'x', 'dy', 'winners'),
        scale: 'f32',
        ...integers('dw', 'db', 'shardBytes', 'scratch', 'scratchBytes', 'groupBlocks', 'groupEntries'),
        ...integers('restBlocks', 'restEntries'),
      },
      {
        ...fields,
        ...integers('n', 'end', 'own', 'c', 'ownChannels', 'strip', 'planes', 'packed', 'start', 'g', 'r'),
        ...integers('h', 's', 'source', 'to', 'phase', 'first', 'count', 'target', 'steps', 'from'),
        ...integers('gradients', 'unpooled'),
      },
      names => {
        const {
          geometry,
          rows,
          x,
          dy,
          winners,
          scale,
          dw,
          db,
          shardBytes,
          scratch,
          scratchBytes,
          chunk,
          thread,
          ...f
        } = names
        readInts(geometry, valuesOf(fields, names))
        increase(scratch, i32.mul(thread, scratchBytes))
        set(f.planes, i32.add(scratch, f.planesOffset))
        set(f.packed, i32.add(scratch, f.packedOffset))
        set(f.unpooled, i32.add(scratch, f.unpooledOffset))
        callRoutine(clear, { to: f.planes, n: f.planesNumbers })
        set(f.c, i32.mul(i32.rem_u(chunk, f.channelParts), f.partChannels))
        atMost(f.ownChannels, i32.sub(f.channels, f.c), f.partChannels)
        increase(x, i32.shl(f.c, 2))
        set(f.n, i32.div_u(chunk, f.channelParts))
        increase(db, i32.mul(f.n, shardBytes))
        increase(dw, i32.add(i32.mul(f.n, shardBytes), i32.shl(i32.mul(f.c, f.filters), 2)))
        when(i32.eqz(f.c), () => callRoutine(clear, { to: db, n: f.filters }))
        set(f.n, i32.mul(f.n, f.shardImages))
        atMost(f.end, i32.add(f.n, f.shardImages), rows)
        set(f.start, f.zeros)
        range(f.n, f.n, f.end, f.images, () => {
          atMost(f.own, i32.sub(f.end, f.n), f.images)
          range(f.strip, 0, f.strips, 1, () => {
            // The planes of this strip.
            range(f.g, 0, f.own, 1, () => {
              range(f.r, 0, f.planeRows, 1, () => {
                set(
                  f.h,
                  i32.sub(i32.add(i32.mul(i32.mul(f.strip, f.stripRows), f.strideHeight), f.r), f.padTop),
                )
                set(
                  f.to,
                  i32.add(f.planes, i32.add(i32.mul(f.g, f.planeImageBytes), i32.mul(f.r, f.planeRowBytes))),
                )
                set(f.source, i32.mul(i32.add(i32.mul(i32.add(f.n, f.g), f.height), f.h), f.width))
                set(f.source, element(x, i32.mul(f.source, f.channels)))
                set(f.phase, f.phaseTable)
                range(f.s, 0, f.strideWidth, 1, () => {
                  readInts(f.phase, [f.first, f.target, f.count])
                  when(
                    i32.lt_u(f.h, f.height),
                    () =>
                      callRoutine(transpose, {
                        from: element(f.source, i32.mul(f.first, f.channels)),
                        fromRow: i32.shl(i32.mul(f.strideWidth, f.channels), 2),
                        to: i32.add(f.to, f.target),
                        toRow: f.planeBytes,
                        rows: f.count,
                        columns: f.ownChannels,
                      }),
                    () => {
                      // Another strip has left its pixels where this one has padding.
                      range(f.from, 0, f.ownChannels, 1, () =>
                        callRoutine(clear, {
                          to: i32.add(i32.add(f.to, f.target), i32.mul(f.from, f.planeBytes)),
                          n: f.count,
                        }),
                      )
                    },
                  )
                  increase(f.phase, 12)
                })
              })
            })
            set(f.steps, i32.mul(f.own, f.pixels))
            set(f.from, i32.add(i32.mul(f.n, f.strips), f.strip))
            when(
              f.poolHeight,
              () => {
                set(f.from, i32.mul(i32.mul(f.from, f.filters), f.cells))
                set(f.gradients, f.unpooled)
                callRoutine(unpool, {
                  dy: element(dy, f.from),
                  winners: i32.add(winners, f.from),
                  scale,
                  to: f.unpooled,
                  rowBytes: i32.shl(i32.mul(f.outWidth, f.filters), 2),
                  cellRows: i32.div_u(i32.mul(f.own, f.stripRows), f.poolHeight),
                  cellColumns: f.pooledWidth,
                  poolHeight: f.poolHeight,
                  poolWidth: f.poolWidth,
                  filters: f.filters,
                })
              },
              () => set(f.gradients, element(dy, i32.mul(i32.mul(f.from, f.filters), f.pixels))),
            )
            when(i32.eqz(f.c), () =>
              callRoutine(addColumns, { a: f.gradients, rows: f.steps, columns: f.filters, sums: db }),
            )
            callRoutine(packRows, {
              from: f.gradients,
              fromRow: i32.shl(f.filters, 2),
              to: f.packed,
              panelBytes: i32.mul(f.steps, stride),
              depth: f.steps,
              columns: f.filters,
            })
            when(
              i32.eq(f.own, f.images),
              () => {
                set(f.count, f.groupBlocks)
                set(f.target, f.groupEntries)
              },
              () => {
                set(f.count, f.restBlocks)
                set(f.target, f.restEntries)
              },
            )
            callRoutine(multiply, {
              a: f.planes,
              aRows: f.aRows,
              aStep: 4,
              blocks: f.count,
              entries: f.target,
              panels: f.packed,
              panelBytes: i32.mul(f.steps, stride),
              start: f.start,
              zeros: f.zeros,
              c: dw,
              cRows: f.dwRows,
              rows: i32.mul(f.ownChannels, f.taps),
              columns: f.filters,
              edge: scratch,
              ramp: f.ramp,
            })
            set(f.start, 0)
          })
        })
      },
    ),

    /** total[i] = Σ parts[s, i], shards `shardBytes` apart: a chain from 0, in order. */
    addShards: elementwise(
      integers('parts', 'shards', 'shardBytes', 'total'),
      { s: 'i32', sum: 'v128' },
      ({ parts, shards, shardBytes, total, s, sum }, { load, store }) => {
        set(sum, constant(0))
        range(s, 0, shards, 1, () => {
          set(sum, f32x4.add(sum, load(i32.add(parts, i32.mul(s, shardBytes)))))
        })
        store(total, sum)
      },
    ),
  }
}

/** Output pixels that are worked on together, about. */
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

export function convBackwardWeightsKernels(
  machine: Machine,
  target: Target,
): Pick<Kernels, 'conv2dBackwardWeights' | 'conv2dReluMaxPool2dBackwardWeights'> {
  const [backwardWeights, addShards] = ['conv2dBackwardWeights', 'addShards'].map(name =>
    machine.number(name),
  )
  const { tile } = target
  const { threads } = machine.crew
  const winograd = winogradBackwardWeights(machine, target)
  const tables = new Tables(machine)
  const scratch = new Workspace(machine)
  const sums = new Workspace(machine)
  const compiled = onceForEach((g: Conv2DGeometry) => compile(g, null))
  const compiledFused = onceForEach((g: Conv2DReluPoolGeometry) => compile(g, g))

  function compile(g: Conv2DGeometry, pool: Conv2DReluPoolGeometry | null): Compiled {
    const { channels, filters, kernelHeight, kernelWidth, strideHeight, strideWidth } = g
    // Pixels in no window have no gradient.
    const outHeight = pool ? pool.pooledHeight * pool.poolHeight : g.outHeight
    const outWidth = pool ? pool.pooledWidth * pool.poolWidth : g.outWidth
    const together = pool?.poolHeight ?? 1
    const taps = kernelHeight * kernelWidth
    const stripRows = together * evenPart(outHeight / together, Math.ceil(PIXELS / outWidth / together))
    const pixels = stripRows * outWidth
    const strips = outHeight / stripRows
    const images = strips > 1 ? 1 : imagesTogether(pixels, PIXELS)
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

    const phaseTable: number[] = []
    for (let phase = 0; phase < strideWidth; phase++) {
      const first = Math.max(0, Math.ceil((g.padLeft - phase) / strideWidth))
      const last = Math.min(phaseColumns - 1, Math.floor((g.width - 1 + g.padLeft - phase) / strideWidth))
      const column = first * strideWidth + phase - g.padLeft
      phaseTable.push(column, 4 * (phase * phaseColumns + first), Math.max(0, last - first + 1))
    }
    const aRows: number[] = []
    const dwRows: number[] = []
    for (let c = 0; c < partChannels; c++) {
      for (let kh = 0; kh < kernelHeight; kh++) {
        for (let kw = 0; kw < kernelWidth; kw++) {
          const column = (kw % strideWidth) * phaseColumns + Math.floor(kw / strideWidth)
          aRows.push(c * planeBytes + kh * planeRowBytes + 4 * column)
          dwRows.push(4 * filters * ((kh * kernelWidth + kw) * channels + c))
        }
      }
    }
    const geometry: Numbers<typeof fields> = {
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
      phaseTable: tables.list(phaseTable),
      aRows: tables.list(aRows),
      dwRows: tables.list(dwRows),
      zeros: tables.zeros(Math.max(rows, panels * tile.columns)),
      ramp: tables.ramp(4 * tile.columns, rows),
      planesOffset: 4 * edgeNumbers,
      planesNumbers,
      packedOffset: 4 * (edgeNumbers + planesNumbers),
      unpooledOffset: 4 * (edgeNumbers + planesNumbers + packedNumbers),
      outWidth,
      poolHeight: pool?.poolHeight ?? 0,
      poolWidth: pool?.poolWidth ?? 0,
      pooledWidth: pool?.pooledWidth ?? 0,
      cells: pool ? pixels / (pool.poolHeight * pool.poolWidth) : 0,
    }
    const made = new Map<number, Blocks>()
    return {
      geometry: tables.list(valuesOf(fields, geometry)),
      images,
      shardImages,
      channelParts: geometry.channelParts,
      scratch: edgeNumbers + planesNumbers + packedNumbers + (pool ? images * pixels * filters : 0),
      blocks(count) {
        let blocks = made.get(count)
        if (!blocks) {
          const isDense = planeRowBytes * strideHeight === 4 * outWidth
          const segments: number[] = []
          for (let n = 0; n < count; n++) {
            for (let oh = 0; oh < (isDense ? 1 : stripRows); oh++)
              segments.push(n * planeImageBytes + oh * strideHeight * planeRowBytes)
          }
          blocks = blocksOf(tables, segments, isDense ? pixels : outWidth, tile.columns)
          made.set(count, blocks)
        }
        return blocks
      },
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
    machine.run(addShards, chunksOf(weights), weights, ownSums, shards, shardBytes, dw.byteOffset)
    if (db) machine.run(addShards, 1, g.filters, ownSums + 4 * weights, shards, shardBytes, db.byteOffset)
  }

  return {
    conv2dBackwardWeights(g, rows, x, dy, dw, db) {
      if (usesWinograd(target, g)) winograd.run(g, rows, x, dy, dw, db)
      else run(compiled(g), g, rows, x, dy, 0, 1, dw, db)
    },
    conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, db) {
      const scale = mask ? 1 / (1 - mask.rate) : 1
      if (usesWinograd(target, g)) winograd.runFused(g, rows, x, dy, winners, scale, dw, db)
      else run(compiledFused(g), g, rows, x, dy, winners.byteOffset, scale, dw, db)
    },
  }
}
