import { MAX_PAGES, MIN_PAGES, Regions } from './regions.ts'

/** Runs chunks of tasks, on one thread or several. */
export interface Crew {
  /** How many threads there are, the calling one included. */
  readonly threads: number
  /** How many of them take part by now; 0 when the crew has ended, for an error. */
  readonly ready: number
  /** Runs all chunks of the task whose parameters lie in memory, and returns when the last is done. */
  run(task: number, chunks: number): void
}

/** What a thread needs to take part. */
export interface Share {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Where a call's parameters lie. */
  readonly args: number
  /** The module's exports, in the order of their numbers. */
  readonly tasks: readonly string[]
}

/** As many parameters as `run` passes on. */
export const MAX_ARGS = 16

/** A compiled module, its memory, and the crew that runs its tasks. */
export class Machine {
  readonly share: Share
  readonly crew: Crew
  readonly #args: Float64Array
  readonly #regions: Regions

  /** @param bytes a module as `writeModule` writes it */
  constructor(bytes: Uint8Array, hire: (share: Share) => Crew) {
    const memory = new WebAssembly.Memory({ initial: MIN_PAGES, maximum: MAX_PAGES, shared: true })
    const module = new WebAssembly.Module(bytes as BufferSource)
    const tasks = WebAssembly.Module.exports(module).map(({ name }) => name)
    this.share = { module, memory, args: 0, tasks }
    this.#args = new Float64Array(memory.buffer, 0, MAX_ARGS)
    this.#regions = new Regions(memory, this.#args.byteLength)
    this.crew = hire(this.share)
  }

  /** The number of a task, for `run`. */
  number(task: string): number {
    const number = this.share.tasks.indexOf(task)
    if (number < 0) throw new RangeError(`no task ${task}`)
    return number
  }

  /** Runs all chunks of a task, with its parameters in order. */
  run(
    task: number,
    chunks: number,
    a0 = 0,
    a1 = 0,
    a2 = 0,
    a3 = 0,
    a4 = 0,
    a5 = 0,
    a6 = 0,
    a7 = 0,
    a8 = 0,
    a9 = 0,
    a10 = 0,
    a11 = 0,
    a12 = 0,
    a13 = 0,
    a14 = 0,
    a15 = 0,
  ): void {
    // Written out, since a list of parameters would be created anew for every call.
    const args = this.#args
    args[0] = a0
    args[1] = a1
    args[2] = a2
    args[3] = a3
    args[4] = a4
    args[5] = a5
    args[6] = a6
    args[7] = a7
    args[8] = a8
    args[9] = a9
    args[10] = a10
    args[11] = a11
    args[12] = a12
    args[13] = a13
    args[14] = a14
    args[15] = a15
    this.crew.run(task, chunks)
  }

  /**
   * A fresh array of zeros, whose memory is its own until it is garbage collected: see {@link Regions}.
   * @throws MemoryError where the memory cannot be had
   */
  allocate(length: number): Float32Array {
    return this.#regions.allocate(length)
  }

  /** Gives such an array's memory back. */
  release(array: Float32Array): void {
    this.#regions.release(array)
  }

  /** Whether an array lies in the machine's memory. */
  owns(array: ArrayBufferView): boolean {
    return this.#regions.owns(array)
  }
}
