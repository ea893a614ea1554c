import { MemoryError } from '../../../errors.ts'
import { FreeList, type Stretch } from './free-list.ts'

const PAGE = 65_536

/** The pages that a memory begins with. */
export const MIN_PAGES = 16

/** The pages of 4 GiB, all that 32-bit addresses reach. */
export const MAX_PAGES = 65_536

/** Regions start at multiples of a cache line. */
const ALIGNMENT = 64

/** Bytes that may be read behind the last region: kernels load whole vectors. */
const SLACK = 64

/**
 * The regions of one shared memory: hands them out, and takes each back once its array has been garbage collected. The
 * memory grows when no free region is large enough; shared memory keeps the arrays in it valid then. It never shrinks.
 *
 * A region belongs to the array that `allocate` returned. Views of that array (`subarray`, or others of its `buffer`) do
 * not keep the region: whoever holds a view must hold the array as well. The engine collects garbage when it likes, and
 * tells of it between tasks of the event loop only; so `release` gives back what is known to be done with.
 */
export class Regions {
  readonly #memory: WebAssembly.Memory
  readonly #free = new FreeList()
  /** The objects that stand for the memory: after each growth it has another. */
  readonly #buffers = new WeakSet<object>()
  readonly #dropped = new FinalizationRegistry<Stretch>(region => this.#free.give(region))
  /**
   * Each array's region, and an ArrayBuffer as large, which nobody touches, so that it costs no memory: by such buffers the
   * engine knows how much hangs on an array, and collects in time.
   */
  readonly #kept = new WeakMap<
    Float32Array,
    { readonly region: Stretch; readonly ballast: ArrayBuffer | null }
  >()
  /** Behind the last byte that a region may have. */
  #end: number
  /** Behind the last byte that a region has ever had: what follows is still 0. */
  #used: number

  /**
   * @param memory shared, with a maximum of MAX_PAGES
   * @param start the bytes before this address are somebody else's
   */
  constructor(memory: WebAssembly.Memory, start: number) {
    this.#memory = memory
    this.#used = align(start)
    this.#end = memory.buffer.byteLength - SLACK
    this.#free.give({ start: this.#used, end: this.#end })
  }

  /**
   * A fresh array of zeros, at an address that is a multiple of 64.
   * @throws MemoryError where the memory cannot grow so far
   */
  allocate(length: number): Float32Array {
    if (length === 0) return this.#array(0, 0)
    const bytes = align(4 * length)
    const region = this.#free.take(bytes) ?? this.#grow(bytes)
    const array = this.#array(region.start, length)
    if (region.start < this.#used) array.fill(0)
    this.#used = Math.max(this.#used, region.end)
    this.#dropped.register(array, region, array)
    this.#kept.set(array, { region, ballast: ballastOf(bytes) })
    return array
  }

  /** Takes an array's region back; the array and its views must not be used any more. */
  release(array: Float32Array): void {
    const kept = this.#kept.get(array)
    if (!kept) return
    this.#kept.delete(array)
    this.#dropped.unregister(array)
    this.#free.give(kept.region)
  }

  /** Whether an array is one that `allocate` returned, or a view of one. */
  owns(array: ArrayBufferView): boolean {
    return this.#buffers.has(array.buffer)
  }

  #array(start: number, length: number): Float32Array {
    const { buffer } = this.#memory
    this.#buffers.add(buffer)
    return new Float32Array(buffer, start, length)
  }

  #grow(bytes: number): Stretch {
    const pages = Math.ceil((bytes - this.#free.before(this.#end)) / PAGE)
    try {
      this.#memory.grow(pages)
    } catch (cause) {
      throw new MemoryError(bytes, this.#memory.buffer.byteLength, { cause })
    }
    const end = this.#memory.buffer.byteLength - SLACK
    this.#free.give({ start: this.#end, end })
    this.#end = end
    return this.#free.take(bytes)!
  }
}

function ballastOf(bytes: number): ArrayBuffer | null {
  try {
    return new ArrayBuffer(bytes)
  } catch {
    return null
  }
}

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
