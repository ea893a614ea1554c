import { i32 } from 'wasmati'
import type { Conv2DGeometry, Conv2DReluPoolGeometry, Kernels } from '../../kernels.ts'
import {
  atMost,
  callRoutine,
  countDown,
  element,
  increase,
  integers,
  range,
  readInts,
  set,
  task,
  when,
} from '../assembly/assembly.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { unpool } from '../conv2d-relu-max-pool2d/unpool.ts'
import { blocksOf, imagesTogether } from '../gemm/blocks.ts'
import { clear, packing } from '../gemm/pack.ts'
import { product } from '../gemm/product.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { copyPadded } from './forward.ts'
import { compileWinograd, usesWinograd, winograd } from './winograd.ts'
import { winogradKernel } from './winograd-kernel.ts'

/*
 * The gradient of a convolution's input is a product as well: row i of A holds the gradients of the outputs that see
 * input pixel i, a segment of F numbers for each tap of the kernel; B is the kernel turned over, [taps·F, C].
 *
 * With strides, the taps that reach a pixel depend on its place: the pixels are taken in phases, those whose row and
 * column leave the same remainders, and each phase is a product of its own. A chunk is some images; their gradients are
 * copied with zeros around them, which stand for outputs that do not exist.
 */

/** What a chunk needs of the geometry, as integers in memory. */
const fields = {
  ...integers('images', 'phases', 'phaseTable', 'outBytes', 'outHeight', 'outRowNumbers', 'top'),
  ...integers('paddedRows', 'paddedRowBytes', 'leftBytes', 'imageNumbers', 'isSparse', 'zeros', 'channels'),
  ...integers('filters', 'edgeNumbers', 'ramp'),
  /** 0 where nothing was pooled. */
  ...integers('poolHeight', 'poolWidth', 'pooledHeight', 'pooledWidth'),
  /** Winograd's tiles of an image. */
  tiles: 'i32',
  /** Where Winograd's algorithm has its own, or 0. */
  winogradGeometry: 'i32',
} as const

/** An entry of the table of phases. */
const phase = integers('pixels', 'aRows', 'blocks', 'entries', 'panelsOffset', 'panelBytes', 'cRows')
const PHASE_BYTES = 4 * Object.keys(phase).length

export function convBackwardInputTasks(target: Target) {
  const multiply = product(target)
  const { packColumns } = packing(target.tile)
  return {
    /** Packs the kernel's taps, one after the other as a table has them: where from, where to, bytes of a panel. */
    packTurnedKernel: task(
      integers('w', 'to', 'table', 'taps', 'channels', 'filters'),
      integers('from', 'target', 'panelBytes'),
      ({ w, to, table, taps, channels, filters, from, target, panelBytes }) => {
        countDown(taps, () => {
          readInts(table, [from, target, panelBytes])
          callRoutine(packColumns, {
            from: i32.add(w, from),
            fromRow: i32.shl(filters, 2),
            to: i32.add(to, target),
            panelBytes,
            depth: filters,
            columns: channels,
          })
          increase(table, 12)
        })
      },
    ),

    /** Where there are winners, dy is the gradient of the pooled map. */
    conv2dBackwardInput: task(
      {
        ...integers('geometry', 'rows', 'dy', 'winners'),
        scale: 'f32',
        ...integers('panels', 'dx', 'scratch', 'scratchBytes'),
      },
      { ...fields, ...phase, ...integers('n', 'own', 'a', 'to', 'g', 'edge', 'size') },
      names => {
        const { geometry, rows, dy, winners, scale, panels, dx, scratch, scratchBytes, chunk, thread, ...f } =
          names
        readInts(geometry, valuesOf(fields, names))
        set(f.n, i32.mul(chunk, f.images))
        atMost(f.own, i32.sub(rows, f.n), f.images)
        increase(dy, i32.mul(f.n, f.outBytes))
        increase(dx, i32.shl(i32.mul(f.n, f.imageNumbers), 2))
        set(f.edge, i32.add(scratch, i32.mul(thread, scratchBytes)))
        set(f.a, element(f.edge, f.edgeNumbers))
        set(f.size, i32.mul(f.paddedRows, f.paddedRowBytes))
        callRoutine(clear, { to: f.a, n: i32.shr_u(i32.mul(f.own, f.size), 2) })
        set(f.to, f.a)
        increase(winners, i32.shr_u(i32.mul(f.n, f.outBytes), 2))
        range(f.g, 0, f.own, 1, () => {
          when(
            f.poolHeight,
            () =>
              callRoutine(unpool, {
                dy,
                winners,
                scale,
                to: i32.add(f.to, i32.add(i32.mul(f.top, f.paddedRowBytes), f.leftBytes)),
                rowBytes: f.paddedRowBytes,
                cellRows: f.pooledHeight,
                cellColumns: f.pooledWidth,
                poolHeight: f.poolHeight,
                poolWidth: f.poolWidth,
                filters: f.filters,
              }),
            () =>
              callRoutine(copyPadded, {
                image: dy,
                first: i32.sub(0, f.top),
                height: f.outHeight,
                rowNumbers: f.outRowNumbers,
                to: f.to,
                rows: f.paddedRows,
                rowBytes: f.paddedRowBytes,
                leftBytes: f.leftBytes,
              }),
          )
          increase(dy, f.outBytes)
          increase(winners, i32.shr_u(f.outBytes, 2))
          increase(f.to, f.size)
        })
        when(f.isSparse, () => callRoutine(clear, { to: dx, n: i32.mul(f.own, f.imageNumbers) }))
        const direct = () =>
          countDown(f.phases, () => {
            readInts(f.phaseTable, valuesOf(phase, names))
            callRoutine(multiply, {
              a: f.a,
              aRows: f.aRows,
              aStep: 4,
              blocks: f.blocks,
              entries: f.entries,
              panels: i32.add(panels, f.panelsOffset),
              panelBytes: f.panelBytes,
              start: f.zeros,
              zeros: f.zeros,
              c: dx,
              cRows: f.cRows,
              rows: i32.mul(f.own, f.pixels),
              columns: f.channels,
              edge: f.edge,
              ramp: f.ramp,
            })
            increase(f.phaseTable, PHASE_BYTES)
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
                bias: f.zeros,
                y: dx,
                scratch: f.edge,
              }),
            direct,
          )
      },
    ),
  }
}

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

export function convBackwardInputKernels(
  machine: Machine,
  target: Target,
): Pick<Kernels, 'conv2dBackwardInput' | 'conv2dReluMaxPool2dBackwardInput'> {
  const [packTurnedKernel, backwardInput] = ['packTurnedKernel', 'conv2dBackwardInput'].map(name =>
    machine.number(name),
  )
  const { tile } = target
  const { threads } = machine.crew
  const tables = new Tables(machine)
  const packed = new Workspace(machine)
  const transformed = winogradKernel(machine, target, true)
  const scratch = new Workspace(machine)
  const compiled = onceForEach((g: Conv2DGeometry) => compile(g, NO_POOL))
  const compiledFused = onceForEach((g: Conv2DReluPoolGeometry) => compile(g, g))

  function compile(g: Conv2DGeometry, pool: typeof NO_POOL): Compiled {
    const { height, width, channels, filters, kernelWidth } = g
    const images = imagesTogether(height * width, PIXELS)
    const vertical = phasesOf(height, g.kernelHeight, g.strideHeight, g.padTop)
    const horizontal = phasesOf(width, kernelWidth, g.strideWidth, g.padLeft)
    const [top, bottom] = marginsOf(vertical, g.outHeight)
    const [left, right] = marginsOf(horizontal, g.outWidth)
    const isWinograd = usesWinograd(target, g)
    // Winograd's tiles may hang over.
    const paddedRows = top + g.outHeight + bottom + (isWinograd ? height % 2 : 0)
    const rowBytes = 4 * filters * (left + g.outWidth + right + (isWinograd ? width % 2 : 0))
    const imageBytes = paddedRows * rowBytes
    const panels = Math.ceil(channels / tile.columns)
    const perImage = <T>(list: (n: number) => readonly T[]) =>
      Array.from({ length: images }, (_, n) => list(n)).flat()

    const phases: Numbers<typeof phase>[] = []
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
        const segments = taps.map(({ down, across }) => down.shift * rowBytes + across.shift * 4 * filters)
        const blocks = blocksOf(tables, segments, filters, tile.columns)
        const places = v.places.flatMap((row, i) => h.places.map((column, j) => ({ row, column, i, j })))
        phases.push({
          pixels: places.length,
          aRows: tables.list(
            perImage(n =>
              places.map(({ i, j }) => n * imageBytes + (i + top) * rowBytes + (j + left) * 4 * filters),
            ),
          ),
          blocks: blocks.count,
          entries: blocks.entries,
          panelsOffset: 4 * packedNumbers,
          panelBytes,
          cRows: tables.list(
            perImage(n =>
              places.map(({ row, column }) => 4 * channels * ((n * height + row) * width + column)),
            ),
          ),
        })
        packedNumbers += (panels * panelBytes) / 4
      }
    }

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
    const geometry: Numbers<typeof fields> = {
      images,
      phases: phases.length,
      phaseTable: tables.list(phases.flatMap(entry => valuesOf(phase, entry))),
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
      geometry: tables.list(valuesOf(fields, geometry)),
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
      run(compiledFused(g), g, rows, dy, winners.byteOffset, mask ? 1 / (1 - mask.rate) : 1, w, dx),
  }
}

/** What the fields of pooling hold where there is none. */
export const NO_POOL = { poolHeight: 0, poolWidth: 0, pooledHeight: 0, pooledWidth: 0 }

/** The input rows (or columns) whose place leaves one remainder: place i sees output i + shift through each tap. */
interface Phase {
  readonly places: readonly number[]
  readonly taps: readonly { readonly tap: number; readonly shift: number }[]
}

function phasesOf(length: number, kernel: number, stride: number, pad: number): Phase[] {
  const phases: Phase[] = []
  for (let remainder = 0; remainder < Math.min(stride, length); remainder++) {
    const places: number[] = []
    for (let place = remainder; place < length; place += stride) places.push(place)
    const taps = []
    for (let tap = 0; tap < kernel; tap++) {
      const shift = (remainder + pad - tap) / stride
      if (Number.isInteger(shift)) taps.push({ tap, shift })
    }
    phases.push({ places, taps })
  }
  return phases
}

/** How many outputs that do not exist are asked for before the first and behind the last. */
function marginsOf(phases: readonly Phase[], outputs: number): [before: number, behind: number] {
  const asked = phases.flatMap(({ places, taps }) =>
    taps.flatMap(({ shift }) => [shift, places.length - 1 + shift]),
  )
  return [Math.max(0, -Math.min(0, ...asked)), Math.max(0, Math.max(0, ...asked) - outputs + 1)]
}
