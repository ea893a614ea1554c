import { WorkerError } from '../../../errors.ts'
import { alone, type TaskFunction, taskFunctions } from './alone.ts'
import {
  CHUNKS,
  DONE,
  ENDED,
  FAILED,
  LOOKS,
  READY,
  REMAINING,
  recordEnd,
  recordOf,
  SLEEPERS,
  TASK,
  WAITING,
  type WorkerData,
  workerProgram,
} from './crew-worker.ts'
import type { Crew, Share } from './machine.ts'

/** A started worker. */
export interface WorkerThread {
  /**
   * False once the worker is known to have ended, or to be about to. Must answer to a caller whose event loop stands
   * still.
   */
  isAlive(): boolean
  /** Ends the worker, whatever it is doing. */
  terminate(): void
}

/**
 * Starts a worker that calls `program`, the text of a JavaScript function, with `data`. The worker must not keep the
 * process alive. `onExit` is to be told when it has ended: its exit code, and the error that ended it, if any.
 */
export type Spawn = (
  program: string,
  data: WorkerData,
  onExit: (code: number, error?: unknown) => void,
) => WorkerThread

/** Milliseconds that the caller sleeps at a time while others finish their chunks. */
const SLICE = 50
/**
 * Slices without a chunk done after which even a living worker is given up: a minute. Slices are counted, and no clock
 * is read, so that a process that was suspended meanwhile raises no alarm.
 */
const PATIENCE = 1200

/**
 * A crew of `threads` threads, the calling one included; `spawn` starts the others. They start in the background: who
 * is not ready yet takes no part, and calls run on those that are. Which thread runs which chunk is left to chance. The
 * calling thread sleeps while it waits for others, which a browser's main thread may not.
 *
 * The protocol: the caller writes down the task, then sets REMAINING to its number of chunks. Everybody, the caller
 * too, claims a chunk by lowering REMAINING by 1: who finds k > 0 there has chunk `chunks` − k, and adds 1 to DONE
 * after it. The caller goes on when DONE is `chunks`. So a claim proves that the task's description stays as it is until
 * the claimed chunk is done. Who finds 0 or less has claimed nothing; each worker looks before it lowers, so that the
 * number falls no further than −`threads`, and the next call overwrites it. A claim that comes late, after that, is a
 * claim in the next call.
 *
 * A worker that dies with a chunk in hand never counts it as done. Since no event reaches a caller that waits, it asks
 * the workers after each slice of sleep whether they are alive, and throws as soon as one is not. So a chunk may take as
 * long as it needs while its worker lives, up to a minute without any progress at all. An error in a chunk, a worker
 * that ends between calls, or one that hangs: each ends the whole crew, and every later call throws the same error.
 *
 * A crew that is dropped ends its workers when it is collected.
 *
 * @throws WorkerError from `run`, as described; from the function returned, where a worker cannot be started
 * @example
 * const machine = new Machine(writeModule(tasks), crewOf(4, spawnWorker))
 * machine.run(machine.number('relu'), 12, x.byteOffset, y.byteOffset)
 */
export function crewOf(threads: number, spawn: Spawn): (share: Share) => Crew {
  return share => (threads === 1 ? alone(share) : new Threads(threads, spawn, share))
}

/** What a crew and its workers' events know of. It holds no reference to the crew, so that a dropped one is collected. */
interface Members {
  readonly numbers: Int32Array
  readonly workers: WorkerThread[]
  /** Why the crew has ended. */
  error: WorkerError | null
}

/** Made with the first crew, since an engine may lack the class. */
let dropped: FinalizationRegistry<Int32Array> | undefined

class Threads implements Crew {
  readonly threads: number
  readonly #members: Members
  readonly #numbers: Int32Array
  readonly #functions: readonly TaskFunction[]
  readonly #tasks: readonly string[]
  readonly #args: number

  constructor(threads: number, spawn: Spawn, share: Share) {
    const buffer = new SharedArrayBuffer(recordEnd(threads - 1) * Int32Array.BYTES_PER_ELEMENT)
    this.threads = threads
    this.#numbers = new Int32Array(buffer)
    this.#functions = taskFunctions(share)
    this.#tasks = share.tasks
    this.#args = share.args
    this.#members = { numbers: this.#numbers, workers: [], error: null }
    for (let thread = 1; thread < threads; thread++) start(this.#members, thread, spawn, share)
    dropped ??= new FinalizationRegistry<Int32Array>(end)
    dropped.register(this, this.#numbers)
  }

  get ready(): number {
    return this.#members.error === null ? 1 + Atomics.load(this.#numbers, READY) : 0
  }

  run(task: number, chunks: number): void {
    if (this.#members.error !== null) throw this.#members.error
    if (chunks > 1) this.#share(task, chunks)
    else if (chunks === 1) this.#functions[task](this.#args, 0, 0)
  }

  #share(task: number, chunks: number): void {
    const numbers = this.#numbers
    const f = this.#functions[task]
    numbers[TASK] = task
    numbers[CHUNKS] = chunks
    Atomics.store(numbers, DONE, 0)
    Atomics.store(numbers, REMAINING, chunks)
    if (Atomics.load(numbers, SLEEPERS) > 0) Atomics.notify(numbers, REMAINING, chunks - 1)
    try {
      for (let k = Atomics.sub(numbers, REMAINING, 1); k > 0; k = Atomics.sub(numbers, REMAINING, 1)) {
        f(this.#args, chunks - k, 0)
        Atomics.add(numbers, DONE, 1)
      }
    } catch (cause) {
      throw this.#break(0, task, `a chunk failed: ${cause}`, { cause })
    }
    this.#awaitOthers(task, chunks)
    const failed = numbers[FAILED]
    if (failed > 0) throw this.#break(failed, task, `a chunk failed: ${this.#thrownBy(failed)}`)
  }

  #awaitOthers(task: number, chunks: number): void {
    const numbers = this.#numbers
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(numbers, DONE) === chunks) return
    Atomics.store(numbers, WAITING, 1)
    let done = Atomics.load(numbers, DONE)
    let idleSlices = 0
    while (done < chunks) {
      if (Atomics.wait(numbers, DONE, done, SLICE) === 'timed-out') {
        const dead = this.#members.workers.findIndex(worker => !worker.isAlive())
        if (dead >= 0) throw this.#break(dead + 1, task, `the worker died${advice}`)
        idleSlices++
      }
      const before = done
      done = Atomics.load(numbers, DONE)
      if (done > before) idleSlices = 0
      else if (idleSlices === PATIENCE) throw this.#break(this.#busy(), task, `the worker hangs${advice}`)
    }
    Atomics.store(numbers, WAITING, 0)
  }

  #break(thread: number, task: number, problem: string, options?: ErrorOptions): WorkerError {
    return breakUp(this.#members, new WorkerError(thread, this.#tasks[task], problem, options))
  }

  /** A thread that has a chunk in hand. */
  #busy(): number {
    let thread = 1
    while (thread < this.threads - 1 && Atomics.load(this.#numbers, recordOf(thread)) === 0) thread++
    return thread
  }

  #thrownBy(thread: number): string {
    const text = this.#numbers.slice(recordOf(thread) + 1, recordEnd(thread))
    return String.fromCharCode(...text.subarray(0, text.indexOf(0)))
  }
}

const advice = '; start again, with fewer threads if it happens again (1 needs no workers)'

function start(members: Members, thread: number, spawn: Spawn, share: Share): void {
  const { module, memory, args, tasks } = share
  const { numbers, workers } = members
  const onExit = (code: number, error?: unknown) => {
    if (Atomics.load(numbers, REMAINING) <= ENDED) return
    const problem = `the worker ended with exit code ${code}`
    const failure =
      error === undefined
        ? new WorkerError(thread, null, problem + advice)
        : new WorkerError(thread, null, `${problem} (${error})${advice}`, { cause: error })
    breakUp(members, failure)
  }
  try {
    workers.push(spawn(workerProgram, { module, memory, args, tasks, numbers, thread }, onExit))
  } catch (cause) {
    const problem = `the worker cannot be started: ${cause}`
    throw breakUp(members, new WorkerError(thread, null, problem, { cause }))
  }
}

/** Ends the crew for the given reason, which is returned. */
function breakUp(members: Members, error: WorkerError): WorkerError {
  members.error = error
  end(members.numbers)
  for (const worker of members.workers) worker.terminate()
  return error
}

/** Lets all workers return after the chunk in hand. */
function end(numbers: Int32Array): void {
  Atomics.store(numbers, REMAINING, ENDED)
  Atomics.notify(numbers, REMAINING)
}
