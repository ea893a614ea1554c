import { i32 } from 'wasmati'
import {
  atMost,
  callRoutine,
  countDown,
  element,
  increase,
  integers,
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
import { multiply } from '../gemm/multiply.ts'
import { clear } from '../gemm/pack.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import { copyPadded } from './copy-padded.ts'
import { transformInput } from './winograd-task.ts'
import { A, GT, loadAlong, STEP, storeAlong, transform, transformLocals } from './winograd-transforms.ts'

/*
 * The gradient of a kernel by Winograd's algorithm is the gradient of the algorithm: with V = Bᵀ·d·B as in the forward pass,
 *
 *   D = A·dy·Aᵀ,   dUₑ = Σ over tiles Vₑᵀ·Dₑ,   dg = Gᵀ·dU·G
 *
 * Strips of images are transformed, some of them together; then a chunk is one place e of the products, which go on from
 * the sums that earlier strips have left. So the order of all additions follows from the geometry.
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

/** What the products need. */
export const productFields = {
  ...integers('vBytes', 'vTileBytes', 'aRows', 'dBytes', 'panelBytes', 'zeros', 'cRows', 'channels'),
  ...integers('filters', 'ramp', 'edgeBytes'),
} as const

/** None in strict numerics. */
export function winogradGradientTasks(target: Target): { readonly [name: string]: Task } {
  if (target.numerics === 'strict') return {}
  const { columns: width } = target.tile

  /** Dₑ = A·dy·Aᵀ of some tiles, packed in panels for a product. */
  const transformGradient = routine(
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

  return {
    /** V and D of a strip, or of some images, and the sum of its gradients; `first` is the number of the first strip. */
    winogradGradientTiles: task(
      {
        ...integers('geometry', 'rows', 'x', 'dy', 'winners'),
        scale: 'f32',
        ...integers('first', 'v', 'd', 'sums', 'scratch', 'scratchBytes'),
      },
      {
        ...stripFields,
        ...integers('n', 'own', 'g', 'row', 'from', 'to', 'gradients', 'tiles'),
      },
      names => {
        const { geometry, rows, x, dy, winners, scale, first, v, d, sums, scratch, scratchBytes } = names
        const { chunk, thread, n, own, g, row, from, to, gradients, tiles, ...f } = names
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
        callRoutine(transformGradient, {
          dy: gradients,
          rowBytes: f.gradientRowBytes,
          filters: f.filters,
          corners: f.gradientCorners,
          tiles,
          d,
          placeBytes: f.dBytes,
          panelBytes: f.panelBytes,
        })
      },
    ),

    /** dUₑ ← start + Vₑᵀ·Dₑ, or dUₑ + …: a place e a chunk. */
    winogradGradientProduct: task(
      integers('geometry', 'v', 'd', 'du', 'blocks', 'entries', 'isFirst', 'scratch'),
      { ...productFields, start: 'i32' },
      names => {
        const { geometry, v, d, du, blocks, entries, isFirst, scratch, chunk, thread, start, ...f } = names
        readInts(geometry, valuesOf(productFields, names))
        when(isFirst, () => set(start, f.zeros))
        const operands = {
          a: i32.add(v, i32.mul(chunk, f.vBytes)),
          panels: i32.add(d, i32.mul(chunk, f.dBytes)),
          start,
          c: i32.add(du, i32.shl(i32.mul(chunk, i32.mul(f.channels, f.filters)), 2)),
          rows: f.channels,
          columns: f.filters,
          edge: i32.add(scratch, i32.mul(thread, f.edgeBytes)),
        }
        multiply(target, { ...f, blocks, entries }, operands, f.vTileBytes)
      },
    ),

    /** dg = Gᵀ·dU·G, for `size` of all `n` weights of a tap in a chunk. */
    winogradGradientKernel: task(
      integers('du', 'dw', 'n', 'size'),
      { ...transformLocals, ...integers('k', 'end', 'from', 'to', 'step') },
      ({ du, dw, n, size, chunk, k, end, from, to, step, ...own }) => {
        set(step, i32.shl(n, 2))
        set(k, i32.mul(chunk, size))
        atMost(end, i32.add(k, size), n)
        range(k, k, end, STEP, () => {
          set(from, element(du, k))
          set(to, element(dw, k))
          transform(GT, own, loadAlong(from, step), storeAlong(to, step))
        })
      },
    ),
  }
}
