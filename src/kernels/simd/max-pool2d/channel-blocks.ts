import { i32, type Local, v128 } from 'wasmati'
import { integers, type Locals, range, set, type Vector, when } from '../assembly/assembly.ts'
import { loadBytes, lowBytes } from '../assembly/bytes.ts'

/** How the numbers of neighbouring channels lie in memory, one a lane once they are in a vector. */
export interface Storage {
  /** log₂ of the bytes of one. */
  readonly shift: 0 | 2
  /** The `j`-th four from an address on. */
  load(address: Local<'i32'>, j: number): Vector
  store(address: Local<'i32'>, j: number, vector: Local<'v128'>): void
  /** Stores one lane of the first four. */
  storeLane(address: Local<'i32'>, lane: number, vector: Local<'v128'>): void
}

/** float32 or int32. */
export const words: Storage = {
  shift: 2,
  load: (address, j) => v128.load({ offset: 16 * j }, address),
  store: (address, j, vector) => v128.store({ offset: 16 * j }, address, vector),
  storeLane: (address, lane, vector) => v128.store32_lane({ offset: 4 * lane }, lane, address, vector),
}

/** uint8 in memory, int32 in a vector. */
export const bytes: Storage = {
  shift: 0,
  load: (address, j) => loadBytes(address, 4 * j),
  store: (address, j, vector) => v128.store32_lane({ offset: 4 * j }, 0, address, lowBytes(vector)),
  storeLane: (address, lane, vector) => v128.store8_lane({ offset: lane }, 4 * lane, address, vector),
}

/** The locals that `eachBlock` works in; `c` is the first channel of the block. */
export const blockLocals = integers('c', 'wide', 'whole')

/** Channels that are worked off together. */
export interface Block {
  /** Vectors of four channels. */
  readonly count: number
  /** Stores the channels' numbers, and nothing behind the last channel. */
  store(storage: Storage, address: Local<'i32'>, numbers: readonly Local<'v128'>[]): void
}

/**
 * body(), for each 16 channels, a cache line of float32; then for each 4; then for the last one to three, in a vector that
 * has more lanes than that: what is behind them is loaded, but not stored.
 */
export function eachBlock(
  { channels, c, wide, whole }: Locals<typeof blockLocals> & Locals<{ channels: 'i32' }>,
  body: (block: Block) => void,
): void {
  const store: Block['store'] = (storage, address, numbers) => {
    for (const [j, vector] of numbers.entries()) storage.store(address, j, vector)
  }
  set(wide, i32.and(channels, -16))
  set(whole, i32.and(channels, -4))
  range(c, 0, wide, 16, () => body({ count: 4, store }))
  range(c, wide, whole, 4, () => body({ count: 1, store }))
  when(i32.lt_u(c, channels), () => {
    body({
      count: 1,
      store(storage, address, [vector]) {
        storage.storeLane(address, 0, vector)
        for (const lane of [1, 2])
          when(i32.lt_u(i32.add(c, lane), channels), () => storage.storeLane(address, lane, vector))
      },
    })
  })
}
