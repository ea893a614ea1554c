import { type Conv2DReluPoolGeometry, imagesPerShard, type Kernels } from '../../kernels.ts'
import { maskScale } from '../../reference/mask-word.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { shardAddition } from '../conv2d/shards.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Numbers, Tables, valuesOf, Workspace } from '../runtime/tables.ts'
import { CELLS, followWinnersFields } from './backward-weights-task.ts'
import { TAPS } from './follow-winners.ts'

/** Filters of a chunk where there are no shards. */
const FILTERS = 64

interface Compiled {
  readonly geometry: number
  readonly shardImages: number
  readonly filterParts: number
  /** Taps with the bias, filled up to a multiple of TAPS. */
  readonly taps: number
  /** Numbers of scratch memory for a thread. */
  readonly scratch: number
}

/** What the kernel set does where `followsWindows`. */
export function followWinnersKernels(machine: Machine): Pick<Kernels, 'conv2dReluMaxPool2dBackwardWeights'> {
  const followWinners = machine.number('followWinners')
  const addShards = shardAddition(machine)
  const { threads } = machine.crew
  const tables = new Tables(machine)
  const scratch = new Workspace(machine)
  const sums = new Workspace(machine)

  const compiled = onceForEach((g: Conv2DReluPoolGeometry): Compiled => {
    const { channels, filters, kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padLeft } = g
    const { poolHeight, poolWidth, pooledHeight, pooledWidth } = g
    const rowsSeen = (pooledHeight * poolHeight - 1) * strideHeight + kernelHeight
    const columnsSeen = (pooledWidth * poolWidth - 1) * strideWidth + kernelWidth
    const isPadded = padTop > 0 || padLeft > 0 || rowsSeen > g.height || columnsSeen > g.width
    const rowBytes = 4 * channels * (isPadded ? Math.max(columnsSeen, padLeft + g.width) : g.width)
    const pixelDown = strideHeight * rowBytes
    const pixelAcross = 4 * strideWidth * channels
    const corners: number[] = []
    for (let row = 0; row < pooledHeight; row++) {
      for (let column = 0; column < pooledWidth; column++)
        corners.push(row * poolHeight * pixelDown + column * poolWidth * pixelAcross)
    }
    const tapOffsets: number[] = []
    for (let kh = 0; kh < kernelHeight; kh++) {
      for (let i = 0; i < kernelWidth * channels; i++) tapOffsets.push(kh * rowBytes + 4 * i)
    }
    // A window of fewer pixels than four has some twice; they never win.
    const slot = (i: number) =>
      i < poolHeight * poolWidth ? Math.floor(i / poolWidth) * pixelDown + (i % poolWidth) * pixelAcross : 0
    const taps = TAPS * Math.ceil((tapOffsets.length + 1) / TAPS)
    const isSharded = Number.isFinite(imagesPerShard(g))
    const partFilters = isSharded ? filters : Math.min(filters, FILTERS)
    const paddedNumbers = isPadded ? (rowsSeen * rowBytes) / 4 : 0
    const patchNumbers = 4 * corners.length * taps
    const geometry: Numbers<typeof followWinnersFields> = {
      shardImages: Math.min(imagesPerShard(g), 2 ** 30),
      filterParts: Math.ceil(filters / partFilters),
      partFilters,
      filters,
      cells: corners.length,
      taps: tapOffsets.length,
      patchBytes: 16 * taps,
      imageBytes: 4 * g.height * g.width * channels,
      isPadded: Number(isPadded),
      height: g.height,
      rowNumbers: g.width * channels,
      top: padTop,
      paddedRows: rowsSeen,
      rowBytes,
      leftBytes: 4 * padLeft * channels,
      corners: tables.list(corners),
      tapOffsets: tables.list(tapOffsets),
      slot1: slot(1),
      slot2: slot(2),
      slot3: slot(3),
      patchesOffset: 4 * paddedNumbers,
      gradientsOffset: 4 * (paddedNumbers + patchNumbers),
    }
    return {
      geometry: tables.list(valuesOf(followWinnersFields, geometry)),
      shardImages: geometry.shardImages,
      filterParts: geometry.filterParts,
      taps,
      scratch: paddedNumbers + patchNumbers + CELLS * filters,
    }
  })

  return {
    conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, db) {
      const c = compiled(g)
      const shards = Math.ceil(rows / c.shardImages)
      const shardNumbers = c.taps * g.filters
      const ownSums = sums.reserve(shards * shardNumbers)
      machine.run(
        followWinners,
        shards * c.filterParts,
        c.geometry,
        rows,
        x.byteOffset,
        dy.byteOffset,
        winners.byteOffset,
        maskScale(mask),
        ownSums,
        4 * shardNumbers,
        scratch.reserve(c.scratch * threads),
        4 * c.scratch,
      )
      const weights = g.kernelHeight * g.kernelWidth * g.channels * g.filters
      addShards(weights, ownSums, shards, 4 * shardNumbers, dw)
      if (db) addShards(g.filters, ownSums + 4 * weights, shards, 4 * shardNumbers, db)
    },
  }
}
