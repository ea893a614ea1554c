import { f32x4, i32 } from 'wasmati'
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
import { elementwise } from '../assembly/fours.ts'
import { unpool } from '../conv2d-relu-max-pool2d/unpool.ts'
import { addColumns } from '../gemm/add-columns.ts'
import { clear, packing, transpose } from '../gemm/pack.ts'
import { product } from '../gemm/product.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import { winogradGradientTasks } from './winograd-backward-weights-task.ts'

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
export const backwardWeightsFields = {
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

export function backwardWeightsTasks(target: Target) {
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
        ...backwardWeightsFields,
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
        readInts(geometry, valuesOf(backwardWeightsFields, names))
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
