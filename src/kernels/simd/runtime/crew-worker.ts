/*
 * What a crew's threads share beside the machine's memory: int32 numbers in a buffer of the crew's own, which no wrong
 * address of a kernel can reach. Places that are written at different times lie in cache lines of their own.
 */

const LINE = 16

/** Chunks that nobody has claimed yet; below 1 there is nothing to do, and idle workers wait for a change. */
export const REMAINING = 0
/** The number of the task, and its chunks: written before REMAINING, stable while a chunk is claimed and not done. */
export const TASK = 1
export const CHUNKS = 2
/** Chunks that are done. */
export const DONE = LINE
/** 1 while the caller waits for a change of DONE. */
export const WAITING = LINE + 1
/** Workers that wait for a change of REMAINING, or are about to. */
export const SLEEPERS = 2 * LINE
/** Workers that have started. */
export const READY = 2 * LINE + 1
/** The number of a thread whose chunk has thrown; 0 while none has. */
export const FAILED = 2 * LINE + 2

const RECORDS = 3 * LINE
const RECORD = 4 * LINE

/**
 * Where a thread's own record begins: 1 + the chunk that it runs, or 0; then what its chunk threw, a character a number,
 * up to a 0.
 */
export const recordOf = (thread: number): number => RECORDS + RECORD * thread

/** The record's end, before which the last character's 0 lies. */
export const recordEnd = (thread: number): number => recordOf(thread + 1)

/** REMAINING in a crew that has ended. Workers that try to claim may lower it further. */
export const ENDED = -(2 ** 30)

/**
 * How often a thread looks at a number that may change soon before it waits for it asleep. A look takes 5 ns (Node 20)
 * to 20 ns (Node 26), and a cache line that is only looked at stays where it is. Being woken takes about 30 µs.
 */
export const LOOKS = 10_000

/** What a worker is given. All of it can be posted. */
export interface WorkerData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly args: number
  readonly tasks: readonly string[]
  readonly numbers: Int32Array
  /** From 1; 0 is the calling thread. */
  readonly thread: number
}

/**
 * A worker's program: a JavaScript function of {@link WorkerData} that returns when the crew has ended. It is text, since
 * a file could not be found in a bundle, nor run as TypeScript by every Node, and a function's own text is rewritten by
 * tools that measure coverage.
 */
export const workerProgram = `({ module, memory, args, tasks, numbers, thread }) => {
  const [memoryImport] = WebAssembly.Module.imports(module)
  const imports = { [memoryImport.module]: { [memoryImport.name]: memory } }
  const { exports } = new WebAssembly.Instance(module, imports)
  const functions = tasks.map(name => exports[name])
  const record = ${recordOf(0)} + ${RECORD} * thread

  Atomics.add(numbers, ${READY}, 1)
  for (;;) {
    let remaining = Atomics.load(numbers, ${REMAINING})
    for (let look = 1; remaining <= 0 && look < ${LOOKS}; look++) remaining = Atomics.load(numbers, ${REMAINING})
    if (remaining <= ${ENDED}) return
    if (remaining <= 0) {
      // A caller that does not see this thread among the sleepers has changed the number before it is read here.
      Atomics.add(numbers, ${SLEEPERS}, 1)
      remaining = Atomics.load(numbers, ${REMAINING})
      if (remaining <= 0 && remaining > ${ENDED}) Atomics.wait(numbers, ${REMAINING}, remaining)
      Atomics.sub(numbers, ${SLEEPERS}, 1)
      continue
    }
    remaining = Atomics.sub(numbers, ${REMAINING}, 1)
    if (remaining <= 0) continue
    const chunks = numbers[${CHUNKS}]
    const chunk = chunks - remaining
    Atomics.store(numbers, record, chunk + 1)
    try {
      functions[numbers[${TASK}]](args, chunk, thread)
    } catch (error) {
      const text = String(error).slice(0, ${RECORD - 2})
      for (let i = 0; i < text.length; i++) numbers[record + 1 + i] = text.charCodeAt(i)
      Atomics.store(numbers, ${FAILED}, thread)
    }
    Atomics.store(numbers, record, 0)
    const isLast = Atomics.add(numbers, ${DONE}, 1) + 1 === chunks
    if (isLast && Atomics.load(numbers, ${WAITING}) === 1) Atomics.notify(numbers, ${DONE})
  }
}`
