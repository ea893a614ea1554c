import { i32 } from 'wasmati'
import type { Conv2DGeometry, Kernels } from '../../kernels.ts'
import {
  atMost,
  callRoutine,
  element,
  increase,
  integers,
  range,
  readInts,
  routine,
  set,
  task,
  when,
} from '../assembly/assembly.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { blocksOf, evenPart, imagesTogether } from '../gemm/blocks.ts'
import { clear, copy, packing } from '../gemm/pack.ts'
import { product } from '../gemm/product.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { compileWinograd, evenUp, usesWinograd, winograd } from './winograd.ts'
import { winogradKernel, winogradKernelTasks } from './winograd-kernel.ts'

/*
 * A convolution as a product of implicit patches: row i of A is the patch under output pixel i, read where it lies, a
 * segment for each row of the kernel; B is the kernel, [KH·KW·C, F].
 *
 * A chunk is a strip of output rows of one image, or several small images. Where there is padding, the part of the input
 * that the strip sees is copied into scratch memory with its zeros around it.
 */

/** What a chunk needs of the geometry, as integers in memory. */
const fields = {
  ...integers('images', 'strips', 'stripRows', 'pixels', 'imageBytes', 'isPadded', 'height', 'rowNumbers'),
  ...integers('strideHeight', 'padTop', 'patchRows', 'paddedRowBytes', 'leftBytes', 'aRows', 'blocks'),
  ...integers('entries', 'panelBytes', 'zeros', 'cRows', 'filters', 'edgeNumbers', 'ramp'),
  /** Winograd's tiles of a strip, or of an image. */
  tiles: 'i32',
  /** Where Winograd's algorithm has its own, or 0. */
  winogradGeometry: 'i32',
} as const

/**
 * Copies rows of one image, from `first` (which may be above the image) on, into memory with zeros around: `rows` of
 * them, `rowNumbers` long, `rowBytes` apart, the image's left edge `leftBytes` from the start. That memory is 0 before.
 */
export const copyPadded = routine(
  integers('image', 'first', 'height', 'rowNumbers', 'to', 'rows', 'rowBytes', 'leftBytes'),
  integers('r', 'h'),
  ({ image, first, height, rowNumbers, to, rows, rowBytes, leftBytes, r, h }) => {
    increase(to, leftBytes)
    range(r, 0, rows, 1, () => {
      set(h, i32.add(first, r))
      // A row above the image is a large unsigned number.
      when(i32.lt_u(h, height), () =>
        callRoutine(copy, { from: element(image, i32.mul(h, rowNumbers)), to, n: rowNumbers }),
      )
      increase(to, rowBytes)
    })
  },
)

/**
 * One chunk: c = the outputs of a strip, or of some images; the bias starts each chain. Its rows of C are those of the
 * geometry's tables, so that they need not be in the order of the pixels.
 */
export const convolution = onceForEach((target: Target) => {
  const multiply = product(target)
  return routine(
    integers('geometry', 'rows', 'x', 'panels', 'bias', 'c', 'scratch', 'chunk'),
    { ...fields, ...integers('n', 'own', 'a', 'to', 'g', 'first') },
    names => {
      const { geometry, rows, x, panels, bias, c, scratch, chunk, ...f } = names
      readInts(geometry, valuesOf(fields, names))
      set(f.n, i32.mul(i32.div_u(chunk, f.strips), f.images))
      atMost(f.own, i32.sub(rows, f.n), f.images)
      increase(x, i32.mul(f.n, f.imageBytes))
      set(f.first, i32.mul(i32.mul(i32.rem_u(chunk, f.strips), f.stripRows), f.strideHeight))
      when(
        f.isPadded,
        () => {
          set(f.a, element(scratch, f.edgeNumbers))
          set(f.first, i32.sub(f.first, f.padTop))
          set(f.to, f.a)
          callRoutine(clear, {
            to: f.a,
            n: i32.shr_u(i32.mul(i32.mul(f.own, f.patchRows), f.paddedRowBytes), 2),
          })
          range(f.g, 0, f.own, 1, () => {
            callRoutine(copyPadded, {
              image: x,
              first: f.first,
              height: f.height,
              rowNumbers: f.rowNumbers,
              to: f.to,
              rows: f.patchRows,
              rowBytes: f.paddedRowBytes,
              leftBytes: f.leftBytes,
            })
            increase(x, f.imageBytes)
            increase(f.to, i32.mul(f.patchRows, f.paddedRowBytes))
          })
        },
        () => set(f.a, i32.add(x, i32.mul(f.first, i32.shl(f.rowNumbers, 2)))),
      )
      const direct = () =>
        callRoutine(multiply, {
          a: f.a,
          aRows: f.aRows,
          aStep: 4,
          blocks: f.blocks,
          entries: f.entries,
          panels,
          panelBytes: f.panelBytes,
          start: bias,
          zeros: f.zeros,
          c,
          cRows: f.cRows,
          rows: i32.mul(f.own, f.pixels),
          columns: f.filters,
          edge: scratch,
          ramp: f.ramp,
        })
      if (target.numerics === 'strict') direct()
      else
        when(
          f.winogradGeometry,
          () =>
            callRoutine(winograd(target), {
              geometry: f.winogradGeometry,
              tiles: i32.mul(f.own, f.tiles),
              a: f.a,
              u: panels,
              bias,
              y: c,
              scratch,
            }),
          direct,
        )
    },
  )
})

export function convTasks(target: Target) {
  const convolve = convolution(target)
  const { packRows } = packing(target.tile)
  const stride = 4 * target.tile.columns
  return {
    /** Packs the kernel, [depth][filters]. */
    packKernel: task(integers('w', 'to', 'depth', 'filters'), {}, ({ w, to, depth, filters }) =>
      callRoutine(packRows, {
        from: w,
        fromRow: i32.shl(filters, 2),
        to,
        panelBytes: i32.mul(depth, stride),
        depth,
        columns: filters,
      }),
    ),

    ...winogradKernelTasks(target),

    conv2d: task(
      integers('geometry', 'rows', 'x', 'panels', 'bias', 'y', 'chunkBytes', 'scratch', 'scratchBytes'),
      {},
      ({ geometry, rows, x, panels, bias, y, chunkBytes, scratch, scratchBytes, chunk, thread }) => {
        increase(y, i32.mul(chunk, chunkBytes))
        increase(scratch, i32.mul(thread, scratchBytes))
        callRoutine(convolve, { geometry, rows, x, panels, bias, c: y, scratch, chunk })
      },
    ),
  }
}

/** Output pixels of a chunk, about. */
const PIXELS = 512

/** A convolution's geometry as chunks know it. */
export interface CompiledConvolution {
  /** The address of its fields. */
  readonly geometry: number
  /** Images of a chunk, or the strips that an image is cut into. */
  readonly images: number
  readonly strips: number
  /** Output pixels of a strip, or of an image. */
  readonly pixels: number
  readonly zeros: number
  /** Numbers of scratch memory for a thread. */
  readonly scratch: number
}

/** @param order the pixels of a strip of so many output rows, as [oh, ow], in the order of their rows in C */
export function compileConvolution(
  tables: Tables,
  target: Target,
  g: Conv2DGeometry,
  rowsTogether = 1,
  order = rowByRow,
): CompiledConvolution {
  const { tile } = target
  const { channels, filters, outHeight, outWidth, kernelHeight, kernelWidth } = g
  const isWinograd = usesWinograd(target, g)
  const depth = kernelHeight * kernelWidth * channels
  const stripRows =
    rowsTogether * evenPart(outHeight / rowsTogether, Math.ceil(PIXELS / outWidth / rowsTogether))
  const pixels = stripRows * outWidth
  const strips = outHeight / stripRows
  const images = strips > 1 ? 1 : imagesTogether(pixels, PIXELS)
  // Winograd's tiles may hang over.
  const seenRows = isWinograd ? evenUp(stripRows) : stripRows
  const seenColumns = isWinograd ? evenUp(outWidth) : outWidth
  const patchRows = (seenRows - 1) * g.strideHeight + kernelHeight
  const patchColumns = (seenColumns - 1) * g.strideWidth + kernelWidth
  const isPadded =
    g.padTop > 0 ||
    g.padLeft > 0 ||
    (strips - 1) * stripRows * g.strideHeight + patchRows > g.height ||
    patchColumns > g.width
  const rowBytes = 4 * channels * (isPadded ? Math.max(patchColumns, g.padLeft + g.width) : g.width)
  const imageBytes = isPadded ? patchRows * rowBytes : g.height * rowBytes
  const pixelBytes = 4 * g.strideWidth * channels
  const numbers: number[] = []
  const places = order(stripRows, outWidth).map(([oh, ow], i) => {
    numbers[oh * outWidth + ow] = i
    return oh * g.strideHeight * rowBytes + ow * pixelBytes
  })
  const aRows = Array.from({ length: images }, (_, n) => places.map(place => n * imageBytes + place)).flat()
  const segments = Array.from({ length: kernelHeight }, (_, kh) => kh * rowBytes)
  const blocks = blocksOf(tables, segments, kernelWidth * channels, tile.columns)
  const rows = images * pixels
  const compiled = isWinograd
    ? compileWinograd(tables, target, g, {
        images,
        rows: stripRows,
        columns: outWidth,
        imageBytes,
        rowBytes,
        numbers,
      })
    : null
  const edgeNumbers = compiled?.scratch ?? rows * tile.columns
  const zeros = tables.zeros(Math.max(rows, Math.ceil(filters / tile.columns) * tile.columns))
  const geometry: Numbers<typeof fields> = {
    images,
    strips,
    stripRows,
    pixels,
    imageBytes: 4 * g.height * g.width * channels,
    isPadded: Number(isPadded),
    height: g.height,
    rowNumbers: g.width * channels,
    strideHeight: g.strideHeight,
    padTop: g.padTop,
    patchRows,
    paddedRowBytes: rowBytes,
    leftBytes: 4 * g.padLeft * channels,
    aRows: tables.list(aRows),
    blocks: blocks.count,
    entries: blocks.entries,
    panelBytes: 4 * tile.columns * depth,
    zeros,
    cRows: tables.ramp(4 * filters, rows),
    filters,
    edgeNumbers,
    ramp: tables.ramp(4 * tile.columns, rows),
    tiles: compiled?.tiles ?? 0,
    winogradGeometry: compiled?.geometry ?? 0,
  }
  return {
    geometry: tables.list(valuesOf(fields, geometry)),
    images,
    strips,
    pixels,
    zeros,
    scratch: edgeNumbers + (isPadded ? (images * imageBytes) / 4 : 0),
  }
}

function rowByRow(rows: number, columns: number): [oh: number, ow: number][] {
  return Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns])
}

/** Packs kernels for chunks of convolutions, and returns the address of the last one. */
export function kernelPacking(
  machine: Machine,
  target: Target,
): (g: Conv2DGeometry, w: Float32Array) => number {
  const { columns } = target.tile
  const packKernel = machine.number('packKernel')
  const packed = new Workspace(machine)
  const transformed = winogradKernel(machine, target, false)
  return (g, w) => {
    if (usesWinograd(target, g)) return transformed(g, w)
    const depth = g.kernelHeight * g.kernelWidth * g.channels
    const to = packed.reserve(Math.ceil(g.filters / columns) * columns * depth)
    machine.run(packKernel, 1, w.byteOffset, to, depth, g.filters)
    return to
  }
}

export function convKernels(machine: Machine, target: Target): Pick<Kernels, 'conv2d'> {
  const conv2d = machine.number('conv2d')
  const pack = kernelPacking(machine, target)
  const { threads } = machine.crew
  const tables = new Tables(machine)
  const scratch = new Workspace(machine)
  const compiled = onceForEach((g: Conv2DGeometry) => compileConvolution(tables, target, g))

  return {
    conv2d(g, rows, x, w, b, y) {
      const c = compiled(g)
      machine.run(
        conv2d,
        Math.ceil(rows / c.images) * c.strips,
        c.geometry,
        rows,
        x.byteOffset,
        pack(g, w),
        b ? b.byteOffset : c.zeros,
        y.byteOffset,
        4 * c.images * c.pixels * g.filters,
        scratch.reserve(c.scratch * threads),
        4 * c.scratch,
      )
    },
  }
}
