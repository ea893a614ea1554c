import { i32 } from 'wasmati'
import {
  atMost,
  callRoutine,
  countDown,
  element,
  increase,
  integers,
  type Locals,
  range,
  readInts,
  routine,
  set,
  type Task,
  task,
  when,
} from '../assembly/assembly.ts'
import { unpool } from '../conv2d-relu-max-pool2d/unpool.ts'
import { addColumns } from '../gemm/add-columns.ts'
import { clear } from '../gemm/pack.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import { copyPadded } from './copy-padded.ts'
import { transformInput } from './winograd-task.ts'
import { A, loadAlong, STEP, storeAlong, transform, transformLocals } from './winograd-transforms.ts'

/*
 * The tiles of a strip for the gradient of a kernel: V of the input, D of the gradients. Both are copied into scratch memory
 * first, with zeros around them:
 *
 *   patches [image][row][column][C] | gradients [image][row][column][F]
 */

/** What transforming a strip needs of the geometry, as integers in memory. */
export const stripFields = {
  // A strip of `stripRows` output rows, or some images; and Winograd's tiles of it, and of each image of it.
  ...integers('images', 'strips', 'stripRows', 'stripTiles', 'imageTiles'),
  // Tables of bytes: where tiles begin in the patches, and in the gradients.
  ...integers('corners', 'gradientCorners'),
  ...integers('channels', 'height', 'rowNumbers', 'padTop', 'leftBytes', 'patchRows', 'patchRowBytes'),
  // `pixels` of gradients an image, with those that tiles hang over; they lie behind the patches in scratch memory.
  ...integers('filters', 'outHeight', 'outRowNumbers', 'gradientRows', 'gradientRowBytes', 'pixels'),
  gradientsOffset: 'i32',
  /** Numbers of a strip's patches and gradients. */
  numbers: 'i32',
  // Bytes of a place of V, of a tile in it, of a place of D, of a panel in it.
  ...integers('vBytes', 'vTileBytes', 'dBytes', 'panelBytes'),
  /** 0 where nothing was pooled. */
  ...integers('poolHeight', 'poolWidth', 'pooledHeight', 'pooledWidth'),
} as const

const parameters = {
  ...integers('geometry', 'rows', 'x', 'dy', 'winners'),
  scale: 'f32',
  ...integers('first', 'v', 'd', 'sums', 'scratch', 'scratchBytes'),
} as const

const locals = {
  ...stripFields,
  // The strip's images from `n` on, `own` of them, and its first output row.
  ...integers('n', 'own', 'g', 'row', 'from', 'to', 'gradients', 'tiles'),
} as const

type Names = Locals<typeof parameters> & Locals<typeof locals>

/** What the strip sees of its images. */
function copyPatches({ x, n, own, g, row, to, scratch, ...f }: Names): void {
  set(to, scratch)
  increase(x, i32.shl(i32.mul(i32.mul(n, f.height), f.rowNumbers), 2))
  range(g, 0, own, 1, () => {
    callRoutine(copyPadded, {
      image: x,
      first: i32.sub(row, f.padTop),
      height: f.height,
      rowNumbers: f.rowNumbers,
      to,
      rows: f.patchRows,
      rowBytes: f.patchRowBytes,
      leftBytes: f.leftBytes,
    })
    increase(x, i32.shl(i32.mul(f.height, f.rowNumbers), 2))
    increase(to, i32.mul(f.patchRows, f.patchRowBytes))
  })
}

/** The strip's gradients: from dy, or unpooled from there. */
function copyGradients({ dy, winners, scale, n, own, g, row, from, to, gradients, ...f }: Names): void {
  set(to, gradients)
  range(g, 0, own, 1, () => {
    when(
      f.poolHeight,
      () => {
        set(from, i32.mul(i32.add(n, g), f.pooledHeight))
        increase(from, i32.div_u(row, f.poolHeight))
        set(from, i32.mul(i32.mul(from, f.pooledWidth), f.filters))
        callRoutine(unpool, {
          dy: element(dy, from),
          winners: i32.add(winners, from),
          scale,
          to,
          rowBytes: f.gradientRowBytes,
          cellRows: i32.div_u(f.stripRows, f.poolHeight),
          cellColumns: f.pooledWidth,
          poolHeight: f.poolHeight,
          poolWidth: f.poolWidth,
          filters: f.filters,
        })
      },
      () => {
        set(from, i32.add(i32.mul(i32.add(n, g), f.outHeight), row))
        callRoutine(copyPadded, {
          image: element(dy, i32.mul(from, f.outRowNumbers)),
          first: 0,
          height: f.stripRows,
          rowNumbers: f.outRowNumbers,
          to,
          rows: f.stripRows,
          rowBytes: f.gradientRowBytes,
          leftBytes: 0,
        })
      },
    )
    increase(to, i32.mul(f.gradientRows, f.gradientRowBytes))
  })
}

/** Dₑ = A·dy·Aᵀ of some tiles, packed in panels so many numbers wide for a product. */
function transformGradient(width: number) {
  return routine(
    integers('dy', 'rowBytes', 'filters', 'corners', 'tiles', 'd', 'placeBytes', 'panelBytes'),
    { ...transformLocals, ...integers('f', 'from', 'to', 'corner', 'pixelBytes', 'wrap') },
    ({ dy, rowBytes, filters, corners, tiles, d, placeBytes, panelBytes, ...own }) => {
      const { f, from, to, corner, pixelBytes, wrap } = own
      set(pixelBytes, i32.shl(filters, 2))
      set(wrap, i32.sub(rowBytes, pixelBytes))
      countDown(tiles, () => {
        set(corner, i32.add(dy, i32.load({}, corners)))
        range(f, 0, filters, STEP, () => {
          set(from, corner)
          set(to, element(d, i32.rem_u(f, width)))
          increase(to, i32.mul(i32.div_u(f, width), panelBytes))
          transform(A, own, loadAlong(from, pixelBytes, wrap), storeAlong(to, placeBytes))
          increase(corner, 4 * STEP)
        })
        increase(d, 4 * width)
        increase(corners, 4)
      })
    },
  )
}

/** V and D of a strip, or of some images, and the sum of its gradients; `first` is the number of the first strip. */
export function gradientTilesTask({ tile: { columns: width } }: Target): Task {
  const toPanels = transformGradient(width)
  return task(parameters, locals, ({ chunk, thread, ...names }) => {
    const { geometry, rows, first, v, d, sums, scratch, scratchBytes, ...f } = names
    const { n, own, row, gradients, tiles } = f
    readInts(geometry, valuesOf(stripFields, names))
    set(tiles, i32.mul(chunk, f.stripTiles))
    increase(v, i32.mul(tiles, f.vTileBytes))
    increase(d, i32.mul(tiles, 4 * width))
    increase(first, chunk)
    increase(sums, i32.shl(i32.mul(first, f.filters), 2))
    increase(scratch, i32.mul(thread, scratchBytes))
    set(gradients, i32.add(scratch, f.gradientsOffset))
    callRoutine(clear, { to: scratch, n: f.numbers })
    set(n, i32.mul(i32.div_u(first, f.strips), f.images))
    atMost(own, i32.sub(rows, n), f.images)
    set(row, i32.mul(i32.rem_u(first, f.strips), f.stripRows))
    copyPatches(names)
    copyGradients(names)
    callRoutine(clear, { to: sums, n: f.filters })
    // The padding adds zeros.
    callRoutine(addColumns, {
      a: gradients,
      rowBytes: i32.shl(f.filters, 2),
      rows: i32.mul(own, f.pixels),
      columns: f.filters,
      sums,
    })
    set(tiles, i32.mul(own, f.imageTiles))
    callRoutine(transformInput, {
      a: scratch,
      rowBytes: f.patchRowBytes,
      channels: f.channels,
      corners: f.corners,
      tiles,
      v,
      placeBytes: f.vBytes,
    })
    callRoutine(toPanels, {
      dy: gradients,
      rowBytes: f.gradientRowBytes,
      filters: f.filters,
      corners: f.gradientCorners,
      tiles,
      d,
      placeBytes: f.dBytes,
      panelBytes: f.panelBytes,
    })
  })
}
