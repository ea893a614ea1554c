import { f32x4, i32 } from 'wasmati'
import { constant, integers, range, set } from '../assembly/assembly.ts'
import { chunksOf, elementwise } from '../assembly/fours.ts'
import type { Machine } from '../runtime/machine.ts'

/** For gradients whose sums are taken in shards. */
export const shardTasks = {
  /** total[i] = Σ parts[s, i], shards `shardBytes` apart: a chain from 0, in order. */
  addShards: elementwise(
    integers('parts', 'shards', 'shardBytes', 'total'),
    { s: 'i32', sum: 'v128' },
    ({ parts, shards, shardBytes, total, s, sum }, { load, store }) => {
      set(sum, constant(0))
      range(s, 0, shards, 1, () => {
        set(sum, f32x4.add(sum, load(i32.add(parts, i32.mul(s, shardBytes)))))
      })
      store(total, sum)
    },
  ),
}

/** total = the sum of the shards' `n` numbers, the first of which are at the address `parts`. */
export type AddShards = (
  n: number,
  parts: number,
  shards: number,
  shardBytes: number,
  total: Float32Array,
) => void

export function shardAddition(machine: Machine): AddShards {
  const addShards = machine.number('addShards')
  return (n, parts, shards, shardBytes, total) =>
    machine.run(addShards, chunksOf(n), n, parts, shards, shardBytes, total.byteOffset)
}
