import { f32x4, i32, i32x4, local, memory, v128 } from 'wasmati'
import type { Kernels, WindowGeometry } from '../../kernels.ts'
import { range, set, type Task, task, vectors, when } from '../assembly/assembly.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Block, blockLocals, bytes, eachBlock, type Storage, words } from './channel-blocks.ts'
import { eachTap, eachWindow, windowLocals, windowParameters } from './pool-windows.ts'

/*
 * Lanes are channels. A window is worked off for one block of channels after the other, each tap by tap, so that sums and
 * winners of a block stay in registers.
 */

const locals = {
  ...windowLocals,
  ...blockLocals,
  outAt: 'i32',
  winnersAt: 'i32',
  won: vectors(4),
  place: 'v128',
} as const

/** Bytes of a cache line. */
const LINE = 64

const lowest = () => f32x4.splat(Number.NEGATIVE_INFINITY)

/**
 * Blocks of channels read lines that lie apart, which the machine does not foresee. So a row of windows first looks at
 * every line of its pixels in order: 128 images of 26×26×64 take 1.1 ms instead of 3.1.
 *
 * @param storage of the winners; null where nobody asks for them
 */
function forward(storage: Storage | null): Task {
  const own = { line: 'i32', end: 'i32', best: vectors(4), v: 'v128', wins: 'v128' } as const
  return task(windowParameters, { ...locals, ...own }, names => {
    const { image, out, winners, rowBytes, top, bottom, c, firstTap, tap, pixel, outAt, winnersAt } = names
    const { line, end, best, won, place, v, wins } = names
    const body = (block: Block) => {
      const maxima = best.slice(0, block.count)
      // What beats −∞ is larger or NaN: where nothing does, the first pixel is −∞ itself and has won.
      for (const j of maxima.keys()) {
        set(best[j], lowest())
        if (storage) set(won[j], i32x4.splat(firstTap))
      }
      eachTap(names, () => {
        if (storage) set(place, i32x4.splat(tap))
        for (const j of maxima.keys()) {
          set(v, words.load(pixel, j))
          set(wins, v128.or(f32x4.gt(v, best[j]), f32x4.ne(v, v)))
          set(best[j], v128.bitselect(v, best[j], wins))
          if (storage) set(won[j], v128.bitselect(place, won[j], wins))
        }
      })
      set(outAt, i32.add(out, i32.shl(c, words.shift)))
      block.store(words, outAt, maxima)
      if (storage) {
        set(winnersAt, i32.add(winners, i32.shl(c, storage.shift)))
        block.store(storage, winnersAt, won.slice(0, block.count))
      }
    }
    const fetchRows = () => {
      set(line, i32.add(image, i32.mul(top, rowBytes)))
      set(end, i32.add(image, i32.mul(bottom, rowBytes)))
      range(line, line, end, LINE, () => set(v, v128.load({}, line)))
    }
    eachWindow(names, storage ? storage.shift : 0, fetchRows, () => eachBlock(names, body))
  })
}

/**
 * Each tap of a window adds dy where it has won, and else 0: that changes nothing, since a sum that starts at +0 is never
 * −0. An image's rows are cleared when the first window comes to them, while they are in the cache.
 */
function backward(storage: Storage): Task {
  const own = { cleared: 'i32', end: 'i32', dy: vectors(4), sum: vectors(4) } as const
  return task(windowParameters, { ...locals, ...own }, names => {
    const { image, out, winners, height, outHeight, c, tap, pixel, rowBytes, oh, bottom } = names
    const { outAt, winnersAt, won, place, cleared, end, dy, sum } = names
    const clearRows = () => {
      when(i32.eqz(oh), () => set(cleared, image))
      set(end, bottom)
      when(i32.eq(oh, i32.sub(outHeight, 1)), () => set(end, height))
      set(end, i32.add(image, i32.mul(end, rowBytes)))
      local.get(cleared)
      i32.const(0)
      i32.sub(end, cleared)
      memory.fill()
      set(cleared, end)
    }
    const body = (block: Block) => {
      const sums = sum.slice(0, block.count)
      set(outAt, i32.add(out, i32.shl(c, words.shift)))
      set(winnersAt, i32.add(winners, i32.shl(c, storage.shift)))
      for (const j of sums.keys()) {
        set(dy[j], words.load(outAt, j))
        set(won[j], storage.load(winnersAt, j))
      }
      eachTap(names, () => {
        set(place, i32x4.splat(tap))
        for (const j of sums.keys())
          set(sum[j], f32x4.add(words.load(pixel, j), v128.and(dy[j], i32x4.eq(won[j], place))))
        block.store(words, pixel, sums)
      })
    }
    eachWindow(names, storage.shift, clearRows, () => eachBlock(names, body))
  })
}

export const maxPool2dTasks = {
  maxPool2d: forward(null),
  maxPool2dWithBytes: forward(bytes),
  maxPool2dWithInts: forward(words),
  maxPool2dBackwardBytes: backward(bytes),
  maxPool2dBackwardInts: backward(words),
}

/** Numbers that the windows of a chunk look at, at least: some 50 µs of work, far above the cost of handing it over. */
const CHUNK = 131_072

export function maxPool2dKernels(machine: Machine): Pick<Kernels, 'maxPool2d' | 'maxPool2dBackward'> {
  const alone = machine.number('maxPool2d')
  const withBytes = machine.number('maxPool2dWithBytes')
  const withInts = machine.number('maxPool2dWithInts')
  const backwardBytes = machine.number('maxPool2dBackwardBytes')
  const backwardInts = machine.number('maxPool2dBackwardInts')

  function run(
    task: number,
    g: WindowGeometry,
    rows: number,
    image: Float32Array,
    out: Float32Array,
    winners: Uint8Array | Int32Array | null,
  ): void {
    const images = Math.ceil(CHUNK / (g.outHeight * g.outWidth * g.kernelHeight * g.kernelWidth * g.channels))
    machine.run(
      task,
      Math.ceil(rows / images),
      image.byteOffset,
      out.byteOffset,
      winners ? winners.byteOffset : 0,
      rows,
      images,
      g.height,
      g.width,
      g.channels,
      g.kernelHeight,
      g.kernelWidth,
      g.strideHeight,
      g.strideWidth,
      g.padTop,
      g.padLeft,
      g.outHeight,
      g.outWidth,
    )
  }

  return {
    maxPool2d(g, rows, x, y, winners) {
      const asked = winners instanceof Uint8Array ? withBytes : withInts
      run(winners ? asked : alone, g, rows, x, y, winners)
    },

    maxPool2dBackward(g, rows, dy, winners, dx) {
      run(winners instanceof Uint8Array ? backwardBytes : backwardInts, g, rows, dx, dy, winners)
    },
  }
}
