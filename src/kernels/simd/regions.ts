import { MemoryError } from '../../errors.ts'
import { FreeList, type Stretch } from './free-list.ts'

const PAGE = 65_536

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
 * tells of it between tasks of the event loop only.
 */
export class Regions {
  readonly #memory: WebAssembly.Memory
  readonly #free = new FreeList()
  readonly #dropped = new FinalizationRegistry<Stretch>(region => this.#free.give(region))
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
    if (length === 0) return new Float32Array(this.#memory.buffer, 0, 0)
    const bytes = align(4 * length)
    const region = this.#free.take(bytes) ?? this.#grow(bytes)
    const array = new Float32Array(this.#memory.buffer, region.start, length)
    if (region.start < this.#used) array.fill(0)
    this.#used = Math.max(this.#used, region.end)
    this.#dropped.register(array, region)
    return array
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

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
