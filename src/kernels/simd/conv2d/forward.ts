import type { Conv2DGeometry, Kernels } from '../../kernels.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { blocksOf } from '../gemm/blocks.ts'
import { panelPacking } from '../gemm/panels.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { convolutionFields } from './forward-task.ts'
import { stripsOf } from './strips.ts'
import { compileWinograd, evenUp, usesWinograd } from './winograd.ts'
import { winogradKernel } from './winograd-kernel.ts'

/** Output pixels of a chunk, about: its strip of the image, and of the output, stay in the second-level cache. */
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
  /** Whether its sums are of products one by one, not cut into blocks. */
  readonly isOneBlock: boolean
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
  const { images, strips, stripRows, pixels } = stripsOf(outHeight, outWidth, rowsTogether, PIXELS)
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
  const geometry: Numbers<typeof convolutionFields> = {
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
    geometry: tables.list(valuesOf(convolutionFields, geometry)),
    images,
    strips,
    pixels,
    zeros,
    isOneBlock: !isWinograd && blocks.count === 1,
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
  const { packRows } = panelPacking(machine, target)
  const transformed = winogradKernel(machine, target, false)
  return (g, w) => {
    if (usesWinograd(target, g)) return transformed(g, w)
    return packRows(w, g.kernelHeight * g.kernelWidth * g.channels, g.filters)
  }
}

export function forwardKernels(machine: Machine, target: Target): Pick<Kernels, 'conv2d'> {
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
