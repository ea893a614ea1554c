import type { Conv2DReluPoolGeometry, Kernels } from '../../kernels.ts'
import { droppedWords, layerWord, maskScale, stepWord } from '../../reference/mask-word.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { type CompiledConvolution, compileConvolution, kernelPacking } from '../conv2d/forward.ts'
import { coveredBy } from '../conv2d/pooling.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { WINDOW_PIXELS } from './convolve-windows.ts'
import { forwardTaskName, poolFields } from './forward-task.ts'
import type { Extras } from './pool-windows.ts'

interface Compiled {
  readonly convolution: CompiledConvolution
  readonly poolGeometry: number
  /** Numbers of scratch memory for a thread: the convolution's own, then its output where that is pooled from there. */
  readonly scratch: number
  readonly cells: number
}

export function fusedForwardKernels(machine: Machine, target: Target): Pick<Kernels, 'conv2dReluMaxPool2d'> {
  const taskWith = (extras: Extras) => machine.number(forwardTaskName(extras))
  const forgetting = taskWith({ isMasked: false, keepsWinners: false })
  const keeping = taskWith({ isMasked: false, keepsWinners: true })
  const masked = taskWith({ isMasked: true, keepsWinners: true })
  const pack = kernelPacking(machine, target)
  const { threads } = machine.crew
  const tables = new Tables(machine)
  const scratch = new Workspace(machine)
  const unwanted = new Workspace(machine)

  const compiled = onceForEach((g: Conv2DReluPoolGeometry): Compiled => {
    const { poolHeight, poolWidth, pooledHeight, pooledWidth, filters } = g
    const order = (rows: number, columns: number) => windowByWindow(rows, columns, poolHeight, poolWidth)
    const convolution = compileConvolution(tables, target, { ...g, ...coveredBy(g, g) }, poolHeight, order)
    const pixels = convolution.images * convolution.pixels
    const windowPixels = poolHeight * poolWidth
    const isInRegisters = windowPixels === WINDOW_PIXELS && convolution.isOneBlock
    const geometry: Numbers<typeof poolFields> = {
      chunkCells: pixels / windowPixels,
      windowPixels,
      filters,
      isInRegisters: Number(isInRegisters),
      laneNumbers: tables.ramp(1, target.tile.columns),
    }
    return {
      convolution,
      poolGeometry: tables.list(valuesOf(poolFields, geometry)),
      scratch: convolution.scratch + (isInRegisters ? 0 : pixels * filters),
      cells: pooledHeight * pooledWidth,
    }
  })

  return {
    conv2dReluMaxPool2d(g, rows, x, w, b, y, winners, mask) {
      const { convolution: c, poolGeometry, scratch: numbers, cells } = compiled(g)
      const dropped = mask ? droppedWords(mask.rate) : 0
      const isMasked = dropped > 0
      // A mask without winners is not worth a task of its own.
      const kept = winners ? winners.byteOffset : isMasked ? unwanted.reserve(Math.ceil(y.length / 4)) : 0
      machine.run(
        isMasked ? masked : winners ? keeping : forgetting,
        Math.ceil(rows / c.images) * c.strips,
        c.geometry,
        poolGeometry,
        rows,
        x.byteOffset,
        pack(g, w),
        b ? b.byteOffset : c.zeros,
        y.byteOffset,
        kept,
        rows * cells,
        scratch.reserve(numbers * threads),
        4 * numbers,
        4 * c.scratch,
        mask ? layerWord(mask.key) : 0,
        mask ? stepWord(mask.key) : 0,
        isMasked ? dropped - 1 : 0,
        maskScale(mask),
      )
    },
  }
}

/** The pixels of a strip, the windows in row-major order, and so the pixels of each. */
function windowByWindow(
  rows: number,
  columns: number,
  poolHeight: number,
  poolWidth: number,
): [oh: number, ow: number][] {
  const places: [number, number][] = []
  for (let top = 0; top < rows; top += poolHeight) {
    for (let left = 0; left < columns; left += poolWidth) {
      for (let i = 0; i < poolHeight * poolWidth; i++) {
        places.push([top + Math.floor(i / poolWidth), left + (i % poolWidth)])
      }
    }
  }
  return places
}
