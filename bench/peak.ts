/*
 * How fast can the engine multiply and add? A tile of sums in registers, as the products of matrices have it, over operands
 * that stay in the first-level cache; the fastest of several tiles is what the other questions divide by.
 */

import { i32, v128 } from 'wasmati'
import {
  countDown,
  increase,
  integers,
  set,
  type Task,
  task,
  vectors,
} from '../src/kernels/simd/assembly/assembly.ts'
import { writeModule } from '../src/kernels/simd/assembly/write-module.ts'
import type { Numerics, Tile } from '../src/kernels/simd/numerics.ts'
import { multiplyAdd } from '../src/kernels/simd/operations.ts'
import { crewOf } from '../src/kernels/simd/runtime/crew.ts'
import { Machine } from '../src/kernels/simd/runtime/machine.ts'
import { spawnWorker } from '../src/node/worker.ts'
import type { Answer, Question } from './support/answer.ts'
import { describeMode, headlineAndStrict } from './support/mode.ts'
import type { Job, Session } from './support/session.ts'
import { timeCalls } from './support/timing.ts'

/** Tiles of 4×8 to 6×16: which is fastest depends on the engine's registers. */
const TILES: readonly Tile[] = [
  { rows: 4, columns: 8 },
  { rows: 6, columns: 8 },
  { rows: 4, columns: 16 },
  { rows: 5, columns: 16 },
  { rows: 6, columns: 16 },
]

/** Steps of k, which with the widest tile take 22 KB. */
const DEPTH = 256
/** Steps that are written out behind each other: Node 24 is faster with several, Node 20 with one. */
const UNROLLED = [1, 4]
/** How often a chunk goes through all steps: about 0.2 ms. Sums of so many ones are exact. */
const TURNS = 400
const CHUNKS_A_THREAD = 32
/** Numbers of a thread's own operands and sums. */
const OWN = DEPTH * (6 + 16) + 6 * 16

/** The peak of some threads at the same time. */
export interface Peak {
  readonly gflops: number
  /** The fastest tile, and the steps written out: `6x16, 4 a turn`. */
  readonly tile: string
  readonly threads: number
}

interface Variant extends Tile {
  readonly unrolled: number
}

/** wasmati counts characters where WebAssembly wants bytes, so it is no ×. */
const nameOf = ({ rows, columns, unrolled }: Variant): string => `${rows}x${columns}, ${unrolled} a turn`

const variants: readonly Variant[] = TILES.flatMap(tile => UNROLLED.map(unrolled => ({ ...tile, unrolled })))

/** sums[i,j] = Σ a[i,k]·b[k,j], again and again; the operands lie in `memory`, a[k,i] behind b[k,j] behind the sums. */
function tileTask(numerics: Numerics, { rows, columns, unrolled }: Variant): Task {
  const lanes = columns / 4
  return task(
    integers('memory', 'turns'),
    {
      ...integers('sums', 'a', 'b', 'k'),
      sum: vectors(rows * lanes),
      column: vectors(lanes),
      number: 'v128',
    },
    ({ thread, memory, turns, sums, a, b, k, sum, column, number }) => {
      set(sums, i32.add(memory, i32.mul(thread, 4 * OWN)))
      countDown(turns, () => {
        set(b, i32.add(sums, 4 * rows * columns))
        set(a, i32.add(b, 4 * DEPTH * columns))
        set(k, DEPTH / unrolled)
        countDown(k, () => {
          for (let u = 0; u < unrolled; u++) {
            for (let j = 0; j < lanes; j++)
              set(column[j], v128.load({ offset: 4 * (u * columns + 4 * j) }, b))
            for (let i = 0; i < rows; i++) {
              set(number, v128.load32_splat({ offset: 4 * (u * rows + i) }, a))
              for (let j = 0; j < lanes; j++) {
                const s = sum[i * lanes + j]
                set(s, multiplyAdd(numerics, s, number, column[j]))
              }
            }
          }
          increase(a, 4 * unrolled * rows)
          increase(b, 4 * unrolled * columns)
        })
      })
      for (let n = 0; n < rows * lanes; n++) v128.store({ offset: 16 * n }, sums, sum[n])
    },
  )
}

/** The peak of the job's numerics and threads, of the flags that are set now. */
export async function measurePeak({ numerics, threads, quick }: Job): Promise<Peak> {
  const tasks = Object.fromEntries(variants.map(variant => [nameOf(variant), tileTask(numerics, variant)]))
  const machine = new Machine(writeModule(tasks), crewOf(threads, spawnWorker))
  const memory = machine.allocate(threads * OWN)
  const chunks = threads * CHUNKS_A_THREAD
  // The workers start meanwhile.
  await new Promise(resolve => setTimeout(resolve, 300))
  const peaks = variants.map(variant => {
    const { rows, columns } = variant
    const number = machine.number(nameOf(variant))
    const run = () => machine.run(number, chunks, memory.byteOffset, TURNS)
    memory.fill(1)
    run()
    for (let thread = 0; thread < threads; thread++) {
      const sums = memory.subarray(thread * OWN, thread * OWN + rows * columns)
      // A thread that came too late for a chunk has its ones still.
      const expected = sums[0] === 1 ? 1 : DEPTH * TURNS
      if (sums.some(sum => sum !== expected)) throw new Error(`sums of ${DEPTH * TURNS} ones are ${sums}`)
    }
    const { best } = timeCalls(run, { seconds: quick ? 0.02 : 0.1 })
    const gflops = (2e-9 * rows * columns * DEPTH * TURNS * chunks) / best
    return { gflops, tile: nameOf(variant), threads }
  })
  return peaks.reduce(higher)
}

/** The higher of two peaks: one taken before a measurement and one after it, so that a busy moment lowers neither alone. */
export const higher = (a: Peak, b: Peak): Peak => (b.gflops > a.gflops ? b : a)

export const peak: Question = {
  name: 'peak',
  async ask(session: Session): Promise<Answer> {
    const measured = []
    for (const mode of session.engines.flatMap(headlineAndStrict)) {
      for (const threads of [1, 2]) {
        measured.push({ mode, ...(await session.measure<Peak>(mode, { measurement: 'peak', threads })) })
      }
    }
    const rows = measured.map(({ mode, threads, gflops, tile }) => [
      describeMode(mode),
      threads,
      gflops,
      tile,
    ])
    const title = 'Peak of multiply-adds on operands in the first-level cache, GFLOP/s'
    return {
      tables: [{ title, header: ['mode', 'threads', 'GFLOP/s', 'tile'], rows }],
      figures: [],
      measured,
    }
  },
}
