import { i32 } from 'wasmati'
import {
  atMost,
  callRoutine,
  element,
  increase,
  integers,
  type Locals,
  range,
  readInts,
  set,
  task,
  when,
} from '../assembly/assembly.ts'
import { unpool } from '../conv2d-relu-max-pool2d/unpool.ts'
import { addColumns } from '../gemm/add-columns.ts'
import { multiply } from '../gemm/multiply.ts'
import { clear, packing, transpose } from '../gemm/pack.ts'
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
 * all images. Either goes through its images strip by strip. A thread's scratch memory is
 *
 *   edge [row of A][tile columns] | planes [channel][image][row][column] | packed [panel][pixel][tile columns] | unpooled
 */

/** What a chunk needs of the geometry, as integers in memory. */
export const backwardWeightsFields = {
  ...integers('shardImages', 'channelParts', 'partChannels'),
  // What is worked on together: `images` of them, or a strip of `stripRows` output rows of one; `pixels` of each image.
  ...integers('images', 'strips', 'stripRows', 'pixels'),
  ...integers('height', 'width', 'channels', 'filters', 'taps', 'strideHeight', 'strideWidth', 'padTop'),
  ...integers('planeRows', 'planeBytes', 'planeImageBytes', 'planeRowBytes'),
  // Addresses of tables: the parts of a plane's row, and what the product asks for.
  ...integers('phaseTable', 'aRows', 'cRows', 'zeros', 'ramp'),
  // Bytes from the start of scratch memory, and the planes' size in numbers.
  ...integers('planesOffset', 'packedOffset', 'unpooledOffset', 'planesNumbers'),
  outWidth: 'i32',
  /** 0 where nothing was pooled. */
  ...integers('poolHeight', 'poolWidth', 'pooledWidth'),
  /** Windows of a strip, or of an image. */
  cells: 'i32',
} as const

/** An entry of the table of phases: the image's first column, bytes from the start of the row, columns. */
const phaseFields = integers('firstColumn', 'phaseOffset', 'phaseColumns')
const PHASE_BYTES = 4 * Object.keys(phaseFields).length

const parameters = {
  ...integers('geometry', 'rows', 'x', 'dy', 'winners'),
  scale: 'f32',
  ...integers('dw', 'db', 'shardBytes', 'scratch', 'scratchBytes'),
  // The blocks of a product over all of a strip's images, and over those that are left at the end.
  ...integers('groupBlocks', 'groupEntries', 'restBlocks', 'restEntries'),
} as const

const locals = {
  ...backwardWeightsFields,
  ...phaseFields,
  ...integers('shard', 'firstChannel', 'ownChannels', 'n', 'end', 'ownImages', 'strip'),
  ...integers('planes', 'packed', 'unpooled'),
  ...integers('g', 'planeRow', 'h', 'to', 'source', 'phase', 'remainder', 'channel'),
  ...integers('steps', 'firstCell', 'gradients', 'blocks', 'entries', 'start'),
} as const

type Names = Locals<typeof parameters> & Locals<typeof locals>

/** planes = what a strip's taps see of the images, channel by channel. */
function transposeStrip(names: Names): void {
  const { x, n, g, strip, planes, planeRow, h, to, source, phase, remainder, channel, ...f } = names
  range(g, 0, f.ownImages, 1, () => {
    range(planeRow, 0, f.planeRows, 1, () => {
      set(h, i32.sub(i32.add(i32.mul(i32.mul(strip, f.stripRows), f.strideHeight), planeRow), f.padTop))
      set(to, i32.add(planes, i32.add(i32.mul(g, f.planeImageBytes), i32.mul(planeRow, f.planeRowBytes))))
      set(source, i32.mul(i32.add(i32.mul(i32.add(n, g), f.height), h), f.width))
      set(source, element(x, i32.mul(source, f.channels)))
      set(phase, f.phaseTable)
      range(remainder, 0, f.strideWidth, 1, () => {
        readInts(phase, valuesOf(phaseFields, names))
        increase(f.phaseOffset, to)
        when(
          i32.lt_u(h, f.height),
          () =>
            callRoutine(transpose, {
              from: element(source, i32.mul(f.firstColumn, f.channels)),
              fromRow: i32.shl(i32.mul(f.strideWidth, f.channels), 2),
              to: f.phaseOffset,
              toRow: f.planeBytes,
              rows: f.phaseColumns,
              columns: f.ownChannels,
            }),
          // Another strip has left its pixels where this one has padding.
          () =>
            range(channel, 0, f.ownChannels, 1, () => {
              callRoutine(clear, { to: f.phaseOffset, n: f.phaseColumns })
              increase(f.phaseOffset, f.planeBytes)
            }),
        )
        increase(phase, PHASE_BYTES)
      })
    })
  })
}

/** gradients = the address of those of a strip's pixels, [steps][filters]: in dy, or unpooled from there. */
function gradientsOfStrip(names: Names): void {
  const { dy, winners, scale, n, strip, unpooled, firstCell, gradients, ...f } = names
  set(firstCell, i32.mul(i32.add(i32.mul(n, f.strips), strip), f.filters))
  when(
    f.poolHeight,
    () => {
      set(firstCell, i32.mul(firstCell, f.cells))
      set(gradients, unpooled)
      callRoutine(unpool, {
        dy: element(dy, firstCell),
        winners: i32.add(winners, firstCell),
        scale,
        to: unpooled,
        rowBytes: i32.shl(i32.mul(f.outWidth, f.filters), 2),
        cellRows: i32.div_u(i32.mul(f.ownImages, f.stripRows), f.poolHeight),
        cellColumns: f.pooledWidth,
        poolHeight: f.poolHeight,
        poolWidth: f.poolWidth,
        filters: f.filters,
      })
    },
    () => set(gradients, element(dy, i32.mul(firstCell, f.pixels))),
  )
}

export function backwardWeightsTasks(target: Target) {
  const { packRows } = packing(target.tile)
  const stride = 4 * target.tile.columns
  return {
    ...winogradGradientTasks(target),

    conv2dBackwardWeights: task(parameters, locals, ({ chunk, thread, ...names }) => {
      const { geometry, rows, x, dw, db, shardBytes, scratch, scratchBytes, ...f } = names
      const { shard, firstChannel, ownChannels, n, end, ownImages, strip, planes, packed } = f
      const { steps, gradients, blocks, entries, start } = f
      readInts(geometry, valuesOf(backwardWeightsFields, names))
      increase(scratch, i32.mul(thread, scratchBytes))
      set(planes, i32.add(scratch, f.planesOffset))
      set(packed, i32.add(scratch, f.packedOffset))
      set(f.unpooled, i32.add(scratch, f.unpooledOffset))
      callRoutine(clear, { to: planes, n: f.planesNumbers })
      set(firstChannel, i32.mul(i32.rem_u(chunk, f.channelParts), f.partChannels))
      atMost(ownChannels, i32.sub(f.channels, firstChannel), f.partChannels)
      increase(x, i32.shl(firstChannel, 2))
      set(shard, i32.div_u(chunk, f.channelParts))
      increase(db, i32.mul(shard, shardBytes))
      increase(dw, i32.add(i32.mul(shard, shardBytes), i32.shl(i32.mul(firstChannel, f.filters), 2)))
      // db is the business of the first channels' chunk.
      when(i32.eqz(firstChannel), () => callRoutine(clear, { to: db, n: f.filters }))
      set(n, i32.mul(shard, f.shardImages))
      atMost(end, i32.add(n, f.shardImages), rows)
      set(start, f.zeros)
      range(n, n, end, f.images, () => {
        atMost(ownImages, i32.sub(end, n), f.images)
        set(steps, i32.mul(ownImages, f.pixels))
        set(blocks, f.groupBlocks)
        set(entries, f.groupEntries)
        when(i32.ne(ownImages, f.images), () => {
          set(blocks, f.restBlocks)
          set(entries, f.restEntries)
        })
        range(strip, 0, f.strips, 1, () => {
          transposeStrip(names)
          gradientsOfStrip(names)
          when(i32.eqz(firstChannel), () =>
            callRoutine(addColumns, {
              a: gradients,
              rowBytes: i32.shl(f.filters, 2),
              rows: steps,
              columns: f.filters,
              sums: db,
            }),
          )
          callRoutine(packRows, {
            from: gradients,
            fromRow: i32.shl(f.filters, 2),
            to: packed,
            panelBytes: i32.mul(steps, stride),
            depth: steps,
            columns: f.filters,
          })
          const tables = { ...f, panelBytes: i32.mul(steps, stride) }
          multiply(target, tables, {
            a: planes,
            panels: packed,
            start,
            c: dw,
            rows: i32.mul(ownChannels, f.taps),
            columns: f.filters,
            edge: scratch,
          })
          set(start, 0)
        })
      })
    }),
  }
}
