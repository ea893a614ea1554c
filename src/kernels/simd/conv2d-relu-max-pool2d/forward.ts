import type { Conv2DReluPoolGeometry, Kernels } from '../../kernels.ts'
import { droppedWords, layerWord, maskScale, stepWord } from '../../reference/mask-word.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { type CompiledConvolution, compileConvolution, kernelPacking } from '../conv2d/forward.ts'
import { coveredBy } from '../conv2d/pooling.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { forwardTaskName, poolFields } from './forward-task.ts'
import type { Extras } from './pool-windows.ts'

interface Compiled {
  readonly convolution: CompiledConvolution
  readonly poolGeometry: number
  /** Numbers of scratch memory for a thread: the convolution's own, then its output. */
  readonly scratch: number
  readonly cells: number
}

export function fusedForwardKernels(machine: Machine, target: Target): Pick<Kernels, 'conv2dReluMaxPool2d'> {
  const taskWith = (extras: Extras) => machine.number(forwardTaskName(extras))
  const plain = {
    keeping: taskWith({ isMasked: false, keepsWinners: true }),
    forgetting: taskWith({ isMasked: false, keepsWinners: false }),
  }
  const masked = {
    keeping: taskWith({ isMasked: true, keepsWinners: true }),
    forgetting: taskWith({ isMasked: true, keepsWinners: false }),
  }
  const pack = kernelPacking(machine, target)
  const { threads } = machine.crew
  const tables = new Tables(machine)
  const scratch = new Workspace(machine)

  const compiled = onceForEach((g: Conv2DReluPoolGeometry): Compiled => {
    const { poolHeight, poolWidth, pooledHeight, pooledWidth, filters } = g
    const order = (rows: number, columns: number) => windowByWindow(rows, columns, poolHeight, poolWidth)
    const convolution = compileConvolution(tables, target, { ...g, ...coveredBy(g, g) }, poolHeight, order)
    const pixels = convolution.images * convolution.pixels
    const windowPixels = poolHeight * poolWidth
    const geometry: Numbers<typeof poolFields> = {
      chunkCells: pixels / windowPixels,
      windowPixels,
      filters,
      eight: tables.ramp(1, 8),
    }
    return {
      convolution,
      poolGeometry: tables.list(valuesOf(poolFields, geometry)),
      scratch: convolution.scratch + pixels * filters,
      cells: pooledHeight * pooledWidth,
    }
  })

  return {
    conv2dReluMaxPool2d(g, rows, x, w, b, y, winners, mask) {
      const { convolution: c, poolGeometry, scratch: numbers, cells } = compiled(g)
      const dropped = mask ? droppedWords(mask.rate) : 0
      machine.run(
        (dropped > 0 ? masked : plain)[winners ? 'keeping' : 'forgetting'],
        Math.ceil(rows / c.images) * c.strips,
        c.geometry,
        poolGeometry,
        rows,
        x.byteOffset,
        pack(g, w),
        b ? b.byteOffset : c.zeros,
        y.byteOffset,
        winners?.byteOffset ?? 0,
        rows * cells,
        scratch.reserve(numbers * threads),
        4 * numbers,
        4 * c.scratch,
        mask ? layerWord(mask.key) : 0,
        mask ? stepWord(mask.key) : 0,
        dropped > 0 ? dropped - 1 : 0,
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
