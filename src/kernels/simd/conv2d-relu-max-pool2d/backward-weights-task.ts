import { f32, f32x4, i32, v128 } from 'wasmati'
import {
  atMost,
  callRoutine,
  constant,
  element,
  increase,
  integers,
  type Locals,
  range,
  readInts,
  routine,
  set,
  task,
  when,
} from '../assembly/assembly.ts'
import { fours, foursLocals } from '../assembly/fours.ts'
import { copyPadded } from '../conv2d/copy-padded.ts'
import { cacheRows, clear } from '../gemm/pack.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import { followWinners, TAPS } from './follow-winners.ts'

/*
 * Weight gradients where `followsWindows`: the winners alone are gone to. For each window and each tap, the (up to four)
 * pixels that the tap sees from the window's pixels form one vector. A winner's byte, made an index, lets one shuffle pick
 * for each of four filters what its own winner sees.
 *
 * The bias goes along as one tap more, which sees 1 everywhere. A chunk is a shard of images, or, where there are no
 * shards, some filters over all images.
 */

/**
 * Windows that all filters pass over together, so that their patches, gradients and winners stay in the first-level cache: 30
 * KB at 64 filters.
 */
export const CELLS = 64

/** What a chunk needs of the geometry, as integers in memory. */
export const followWinnersFields = {
  ...integers('shardImages', 'filterParts', 'partFilters', 'filters'),
  // Windows of an image, taps of the kernel, bytes of what a window's taps see.
  ...integers('cells', 'taps', 'patchBytes'),
  ...integers('imageBytes', 'height', 'rowNumbers'),
  // An image with its padding: rows above it, rows in all, bytes of a row, bytes at the left.
  ...integers('isPadded', 'top', 'paddedRows', 'rowBytes', 'leftBytes'),
  // Tables of bytes: from the image's start to a window, from there to a tap; and from a window's first pixel to its others.
  ...integers('corners', 'tapOffsets', 'slot1', 'slot2', 'slot3'),
  // Bytes from the start of scratch memory, where a padded image lies.
  ...integers('patchesOffset', 'gradientsOffset'),
} as const

/** patches[cell][tap] = what the tap sees from the four pixels of the cell's window; behind the taps a 1 for the bias. */
const gatherPatches = routine(
  {
    ...integers('image', 'corners', 'cells', 'tapOffsets', 'taps', 'slot1', 'slot2', 'slot3', 'to'),
    patchBytes: 'i32',
  },
  { ...integers('cell', 'tap', 'corner', 'from'), v: 'v128' },
  names => {
    const { image, corners, cells, tapOffsets, taps, slot1, slot2, slot3, to, patchBytes } = names
    const { cell, tap, corner, from, v } = names
    range(cell, 0, cells, 1, () => {
      set(corner, i32.add(image, i32.load({}, element(corners, cell))))
      const gatherTaps = (load: () => void) =>
        range(tap, 0, taps, 1, () => {
          set(from, i32.add(corner, i32.load({}, element(tapOffsets, tap))))
          load()
          v128.store({}, i32.add(to, i32.shl(tap, 4)), v)
        })
      when(
        i32.and(i32.eq(slot1, 4), i32.eq(i32.sub(slot3, slot2), 4)),
        // Pixels side by side.
        () =>
          gatherTaps(() => {
            set(v, v128.load64_zero({}, from))
            set(v, v128.load64_lane({}, 1, i32.add(from, slot2), v))
          }),
        () =>
          gatherTaps(() => {
            set(v, v128.load32_zero({}, from))
            for (const [lane, slot] of [slot1, slot2, slot3].entries())
              set(v, v128.load32_lane({}, lane + 1, i32.add(from, slot), v))
          }),
      )
      v128.store({}, i32.add(to, i32.shl(taps, 4)), constant(1))
      increase(to, patchBytes)
    })
  },
)

/** to[i] = scale · from[i] */
const scaleGradients = routine(
  { ...integers('from', 'to', 'n'), scale: 'f32' },
  foursLocals,
  ({ from, to, n, scale, ...locals }) => {
    fours(locals, 0, n, ({ load, store }) => store(to, f32x4.mul(load(from), f32x4.splat(scale))))
  },
)

const parameters = {
  ...integers('geometry', 'rows', 'x', 'dy', 'winners'),
  scale: 'f32',
  ...integers('sums', 'shardBytes', 'scratch', 'scratchBytes'),
} as const

const locals = {
  ...followWinnersFields,
  ...integers('n', 'end', 'first', 'last', 'f', 'tap', 'image', 'patches', 'own', 'to', 'from'),
  ...integers('rowsOfSums', 'cell', 'patch', 'gradients'),
} as const

type Names = Locals<typeof parameters> & Locals<typeof locals>

/** patches = what the taps see of image n. */
function patchesOfImage({ x, n, image, patches, scratch, ...g }: Names): void {
  set(image, i32.add(x, i32.mul(n, g.imageBytes)))
  when(g.isPadded, () => {
    callRoutine(clear, { to: scratch, n: i32.shr_u(i32.mul(g.paddedRows, g.rowBytes), 2) })
    callRoutine(copyPadded, {
      image,
      first: i32.sub(0, g.top),
      height: g.height,
      rowNumbers: g.rowNumbers,
      to: scratch,
      rows: g.paddedRows,
      rowBytes: g.rowBytes,
      leftBytes: g.leftBytes,
    })
    set(image, scratch)
  })
  callRoutine(gatherPatches, {
    image,
    corners: g.corners,
    cells: g.cells,
    tapOffsets: g.tapOffsets,
    taps: g.taps,
    slot1: g.slot1,
    slot2: g.slot2,
    slot3: g.slot3,
    to: patches,
    patchBytes: g.patchBytes,
  })
}

export function followWinnersTasks(target: Target) {
  const follow = followWinners(target)

  /** sums += the share of image n: CELLS windows after CELLS, for the filters from `first` to `last`. */
  function addImage({ dy, winners, scale, sums, scratch, n, first, last, f, tap, ...names }: Names): void {
    const { patches, own, to, from, rowsOfSums, cell, patch, gradients, ...g } = names
    range(cell, 0, g.cells, CELLS, () => {
      atMost(own, i32.sub(g.cells, cell), CELLS)
      set(from, i32.mul(i32.add(i32.mul(n, g.cells), cell), g.filters))
      set(patch, i32.add(patches, i32.mul(cell, g.patchBytes)))
      set(gradients, element(dy, from))
      set(to, i32.add(scratch, g.gradientsOffset))
      // All at once, as one row: what is read in strides from here on has left the cache since it was written.
      callRoutine(cacheRows, {
        from: gradients,
        fromRow: 0,
        rows: 1,
        columns: i32.mul(own, g.filters),
        sink: to,
      })
      when(f32.ne(scale, 1), () => {
        callRoutine(scaleGradients, { from: gradients, to, n: i32.mul(own, g.filters), scale })
        set(gradients, to)
      })
      range(f, first, last, 4, () => {
        set(to, element(sums, f))
        range(tap, 0, rowsOfSums, TAPS, () => {
          callRoutine(follow, {
            gradients: element(gradients, f),
            winners: i32.add(winners, i32.add(from, f)),
            patches: i32.add(patch, i32.shl(tap, 4)),
            patchBytes: g.patchBytes,
            cells: own,
            filters: g.filters,
            sums: to,
          })
          increase(to, i32.mul(g.filters, 4 * TAPS))
        })
      })
    })
  }

  return {
    followWinners: task(parameters, locals, ({ chunk, thread, ...names }) => {
      const { geometry, rows, sums, shardBytes, scratch, scratchBytes, ...g } = names
      const { n, end, first, last, tap, patches, own, to, rowsOfSums } = g
      readInts(geometry, valuesOf(followWinnersFields, names))
      increase(scratch, i32.mul(thread, scratchBytes))
      set(patches, i32.add(scratch, g.patchesOffset))
      set(first, i32.mul(i32.rem_u(chunk, g.filterParts), g.partFilters))
      atMost(last, i32.add(first, g.partFilters), g.filters)
      set(n, i32.div_u(chunk, g.filterParts))
      increase(sums, i32.mul(n, shardBytes))
      set(n, i32.mul(n, g.shardImages))
      atMost(end, i32.add(n, g.shardImages), rows)
      set(own, i32.sub(last, first))
      set(to, element(sums, first))
      set(rowsOfSums, i32.shr_u(g.patchBytes, 4))
      range(tap, 0, rowsOfSums, 1, () => {
        callRoutine(clear, { to, n: own })
        increase(to, i32.shl(g.filters, 2))
      })
      callRoutine(clear, { to: patches, n: i32.shr_u(i32.mul(g.cells, g.patchBytes), 2) })
      range(n, n, end, 1, () => {
        patchesOfImage(names)
        addImage(names)
      })
    }),
  }
}
