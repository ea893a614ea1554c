import type { Conv2DGeometry, Conv2DReluPoolGeometry, Kernels } from '../../kernels.ts'
import { maskScale } from '../../reference/mask-word.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { blocksOf } from '../gemm/blocks.ts'
import type { Target, Tile } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { backwardInputFields, phaseFields } from './backward-input-task.ts'
import { marginsOf, type Phase, phasesOf } from './phases.ts'
import { NO_POOL, type Pooling } from './pooling.ts'
import { imagesTogether } from './strips.ts'
import { compileWinograd, usesWinograd } from './winograd.ts'
import { winogradKernel } from './winograd-kernel.ts'

/** Input pixels of a chunk, about. */
const PIXELS = 256

interface Compiled {
  readonly geometry: number
  readonly images: number
  readonly taps: number
  readonly tapTable: number
  /** Numbers of the packed kernel. */
  readonly packed: number
  /** Numbers of scratch memory for a thread. */
  readonly scratch: number
}

export function backwardInputKernels(
  machine: Machine,
  target: Target,
): Pick<Kernels, 'conv2dBackwardInput' | 'conv2dReluMaxPool2dBackwardInput'> {
  const packTurnedKernel = machine.number('packTurnedKernel')
  const backwardInput = machine.number('conv2dBackwardInput')
  const { tile } = target
  const { threads } = machine.crew
  const tables = new Tables(machine)
  const packed = new Workspace(machine)
  const transformed = winogradKernel(machine, target, true)
  const scratch = new Workspace(machine)
  const compiled = onceForEach((g: Conv2DGeometry) => compile(g, NO_POOL))
  const compiledFused = onceForEach((g: Conv2DReluPoolGeometry) => compile(g, g))

  function compile(g: Conv2DGeometry, pool: Pooling): Compiled {
    const { height, width, channels, filters } = g
    const images = imagesTogether(height * width, PIXELS)
    const vertical = phasesOf(height, g.kernelHeight, g.strideHeight, g.padTop)
    const horizontal = phasesOf(width, g.kernelWidth, g.strideWidth, g.padLeft)
    const [top, bottom] = marginsOf(vertical, g.outHeight)
    const [left, right] = marginsOf(horizontal, g.outWidth)
    const isWinograd = usesWinograd(target, g)
    // Winograd's tiles may hang over.
    const paddedRows = top + g.outHeight + bottom + (isWinograd ? height % 2 : 0)
    const rowBytes = 4 * filters * (left + g.outWidth + right + (isWinograd ? width % 2 : 0))
    const imageBytes = paddedRows * rowBytes
    const panels = Math.ceil(channels / tile.columns)
    const { phases, tapTable, packedNumbers } = compilePhases(tables, tile, g, vertical, horizontal, {
      images,
      imageBytes,
      rowBytes,
      origin: top * rowBytes + left * 4 * filters,
    })
    const rows = images * Math.max(1, ...phases.map(({ pixels }) => pixels))
    const compiled = isWinograd
      ? compileWinograd(
          tables,
          target,
          { channels: filters, filters: channels },
          {
            images,
            rows: height,
            columns: width,
            imageBytes,
            rowBytes,
            numbers: Array.from({ length: height * width }, (_, i) => i),
          },
        )
      : null
    const edgeNumbers = compiled?.scratch ?? rows * tile.columns
    const geometry: Numbers<typeof backwardInputFields> = {
      images,
      phases: phases.length,
      phaseTable: tables.list(phases.flatMap(entry => valuesOf(phaseFields, entry))),
      outBytes:
        4 * filters * (pool === NO_POOL ? g.outHeight * g.outWidth : pool.pooledHeight * pool.pooledWidth),
      outHeight: g.outHeight,
      outRowNumbers: g.outWidth * filters,
      top,
      paddedRows,
      paddedRowBytes: rowBytes,
      leftBytes: 4 * left * filters,
      imageNumbers: height * width * channels,
      isSparse: Number(phases.length < vertical.length * horizontal.length),
      zeros: tables.zeros(Math.max(rows, panels * tile.columns)),
      channels,
      filters,
      edgeNumbers,
      ramp: tables.ramp(4 * tile.columns, rows),
      poolHeight: pool.poolHeight,
      poolWidth: pool.poolWidth,
      pooledHeight: pool.pooledHeight,
      pooledWidth: pool.pooledWidth,
      tiles: compiled?.tiles ?? 0,
      winogradGeometry: compiled?.geometry ?? 0,
    }
    return {
      geometry: tables.list(valuesOf(backwardInputFields, geometry)),
      images,
      taps: tapTable.length / 3,
      tapTable: tables.list(tapTable),
      packed: packedNumbers,
      scratch: edgeNumbers + (images * imageBytes) / 4,
    }
  }

  function pack(c: Compiled, g: Conv2DGeometry, w: Float32Array): number {
    if (usesWinograd(target, g)) return transformed(g, w)
    const to = packed.reserve(c.packed)
    machine.run(packTurnedKernel, 1, w.byteOffset, to, c.tapTable, c.taps, g.channels, g.filters)
    return to
  }

  function run(
    c: Compiled,
    g: Conv2DGeometry,
    rows: number,
    dy: Float32Array,
    winners: number,
    scale: number,
    w: Float32Array,
    dx: Float32Array,
  ): void {
    machine.run(
      backwardInput,
      Math.ceil(rows / c.images),
      c.geometry,
      rows,
      dy.byteOffset,
      winners,
      scale,
      pack(c, g, w),
      dx.byteOffset,
      scratch.reserve(c.scratch * threads),
      4 * c.scratch,
    )
  }

  return {
    conv2dBackwardInput: (g, rows, dy, w, dx) => run(compiled(g), g, rows, dy, 0, 1, w, dx),
    conv2dReluMaxPool2dBackwardInput: (g, rows, dy, winners, mask, w, dx) =>
      run(compiledFused(g), g, rows, dy, winners.byteOffset, maskScale(mask), w, dx),
  }
}

/** How the gradients of some images are copied: with zeros around, the first gradient `origin` bytes from the start. */
interface PaddedImages {
  readonly images: number
  readonly imageBytes: number
  readonly rowBytes: number
  readonly origin: number
}

/** The product of each pair of phases, and the table by which the kernel's taps are packed for them. */
function compilePhases(
  tables: Tables,
  tile: Tile,
  { height, width, channels, filters, kernelWidth }: Conv2DGeometry,
  vertical: readonly Phase[],
  horizontal: readonly Phase[],
  { images, imageBytes, rowBytes, origin }: PaddedImages,
) {
  const pixelBytes = 4 * filters
  const panels = Math.ceil(channels / tile.columns)
  const phases: Numbers<typeof phaseFields>[] = []
  const tapTable: number[] = []
  let packedNumbers = 0
  for (const v of vertical) {
    for (const h of horizontal) {
      const taps = v.taps.flatMap(down => h.taps.map(across => ({ down, across })))
      if (taps.length === 0) continue
      const panelBytes = 4 * tile.columns * taps.length * filters
      for (const [i, { down, across }] of taps.entries()) {
        const tap = down.tap * kernelWidth + across.tap
        const to = 4 * packedNumbers + 4 * tile.columns * i * filters
        tapTable.push(4 * tap * channels * filters, to, panelBytes)
      }
      const segments = taps.map(({ down, across }) => down.shift * rowBytes + across.shift * pixelBytes)
      const blocks = blocksOf(tables, segments, filters, tile.columns)
      const aRows: number[] = []
      const cRows: number[] = []
      for (let n = 0; n < images; n++) {
        for (const [i, row] of v.places.entries()) {
          for (const [j, column] of h.places.entries()) {
            aRows.push(n * imageBytes + origin + i * rowBytes + j * pixelBytes)
            cRows.push(4 * channels * ((n * height + row) * width + column))
          }
        }
      }
      phases.push({
        pixels: v.places.length * h.places.length,
        aRows: tables.list(aRows),
        blocks: blocks.count,
        entries: blocks.entries,
        panelsOffset: 4 * packedNumbers,
        panelBytes,
        cRows: tables.list(cRows),
      })
      packedNumbers += (panels * panelBytes) / 4
    }
  }
  return { phases, tapTable, packedNumbers }
}
