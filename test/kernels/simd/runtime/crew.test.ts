import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WorkerError } from '../../../../src/errors.ts'
import { writeModule } from '../../../../src/kernels/simd/assembly/write-module.ts'
import { crewOf, type Spawn, type WorkerThread } from '../../../../src/kernels/simd/runtime/crew.ts'
import { Machine } from '../../../../src/kernels/simd/runtime/machine.ts'
import { spawnWorker } from '../../../../src/node/worker.ts'
import { crewTasks, untilReady } from '../../../support/crew-tasks.ts'

afterEach(() => vi.restoreAllMocks())

/** Milliseconds to wait for what is to come soon: long, since the machine may be busy. */
const PATIENT = 20_000

const CALLS = 20_000

const machineOf = (threads: number, spawn: Spawn = spawnWorker) =>
  new Machine(writeModule(crewTasks), crewOf(threads, spawn))

const neverStarted: Spawn = () => ({ isAlive: () => true, terminate: () => {} })

/** A machine of two threads that are ready, its worker, and two integers that are 0. */
async function pair() {
  const workers: WorkerThread[] = []
  const exit = vi.fn()
  const machine = machineOf(2, (program, data, onExit) => {
    const worker = spawnWorker(program, data, (code, error) => {
      onExit(code, error)
      exit(code)
    })
    workers.push(worker)
    return worker
  })
  await untilReady(machine.crew)
  const array = machine.allocate(2)
  const started = array.byteOffset
  const integers = new Int32Array(array.buffer, started, 2)
  return { machine, worker: workers[0], exit, started, flag: started + 4, integers }
}

function thrownBy(f: () => void): unknown {
  try {
    f()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe.each([1, 2, 3, 5, 8])('a crew of %i', threads => {
  test('runs every chunk of every call once, by its own threads', async () => {
    const machine = machineOf(threads)
    const { crew } = machine
    await untilReady(crew)
    expect(crew.threads).toBe(threads)

    const most = 19
    const y = machine.allocate(most)
    const who = machine.allocate(most)
    const add = machine.number('add')
    const expected = new Float32Array(most)
    const seen = new Set<number>()
    for (let call = 0; call < CALLS; call++) {
      const chunks = (call * 7) % (most + 1)
      const scale = call % 5
      machine.run(add, chunks, y.byteOffset, who.byteOffset, scale)
      for (let chunk = 0; chunk < chunks; chunk++) {
        expected[chunk] += scale * (chunk + 1)
        seen.add(who[chunk])
      }
      if (y.some((value, chunk) => value !== expected[chunk])) expect(y, `call ${call}`).toEqual(expected)
    }
    expect(y[0]).toBeGreaterThan(0)
    expect(Math.min(...seen)).toBe(0)
    expect(Math.max(...seen)).toBeLessThan(threads)
  })
})

describe('a crew', () => {
  test('shares a call among two threads', async () => {
    const { machine, started, flag, integers } = await pair()
    // Neither chunk comes to its end unless two threads are in the call.
    integers.set([0, 1])
    machine.run(machine.number('stall'), 2, started, flag)
    expect(integers[0]).toBe(2)
  })

  test('wakes workers that have fallen asleep', async () => {
    const { machine, started, flag, integers } = await pair()
    for (let call = 0; call < 5; call++) {
      await new Promise(resolve => setTimeout(resolve, 20))
      integers.set([0, 1])
      machine.run(machine.number('stall'), 2, started, flag)
      expect(integers[0]).toBe(2)
    }
  })

  test('does not wait for workers that start late or never', () => {
    const machine = machineOf(3, neverStarted)
    expect(machine.crew.ready).toBe(1)
    const y = machine.allocate(4)
    const who = machine.allocate(4)
    machine.run(machine.number('add'), 4, y.byteOffset, who.byteOffset, 2)
    expect([...y]).toEqual([2, 4, 6, 8])
    expect([...who]).toEqual([0, 0, 0, 0])
  })

  test('runs a single chunk on the calling thread', async () => {
    const { machine } = await pair()
    const y = machine.allocate(1)
    const who = machine.allocate(1)
    const notify = vi.spyOn(Atomics, 'notify')
    for (let call = 0; call < 1000; call++) {
      who[0] = 9
      machine.run(machine.number('add'), 1, y.byteOffset, who.byteOffset, 1)
      expect(who[0]).toBe(0)
    }
    expect(y[0]).toBe(1000)
    expect(notify).not.toHaveBeenCalled()
  })

  test('works in memory that has grown since its workers started', async () => {
    const { machine } = await pair()
    const large = machine.allocate(2 ** 22)
    const at = large.byteOffset + large.byteLength - 8
    const integers = new Int32Array(large.buffer, at, 2)
    integers.set([0, 1])
    machine.run(machine.number('stall'), 2, at, at + 4)
    expect(integers[0]).toBe(2)
  })

  test('creates nothing in a call', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const { machine } = await pair()
    const nothing = machine.number('nothing')
    const calls = (n: number) => {
      for (let call = 0; call < n; call++) machine.run(nothing, 4)
    }
    const created = () => {
      collectGarbage()
      const before = process.memoryUsage().heapUsed
      calls(2000)
      return process.memoryUsage().heapUsed - before
    }
    calls(20_000)
    // The engine itself may create something meanwhile, such as code that it has optimised; a call would each time.
    const least = Math.min(...Array.from({ length: 5 }, created))
    expect(least / 2000).toBeLessThan(16)
  })

  test('that is dropped ends its workers', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const { exit } = await pair()
    await vi.waitFor(() => {
      collectGarbage()
      expect(exit).toHaveBeenCalledWith(0)
    }, PATIENT)
  })
})

describe('a crew that has lost a thread throws', () => {
  test('when the worker ends amid its chunk', async () => {
    const { machine, worker, started, flag } = await pair()
    const wait = Atomics.wait
    // The caller waits: so the worker has its chunk, which has no end.
    vi.spyOn(Atomics, 'wait').mockImplementationOnce((...args: unknown[]) => {
      worker.terminate()
      return Reflect.apply(wait, Atomics, args)
    })
    const stall = machine.number('stall')
    const start = performance.now()
    const error = thrownBy(() => machine.run(stall, 2, started, flag))
    expect(performance.now() - start).toBeLessThan(2000)
    expect(error).toBeInstanceOf(WorkerError)
    expect(error).toMatchObject({ thread: 1, task: 'stall' })
    expect((error as Error).message).toBe(
      'thread 1, task stall: the worker died; start again, with fewer threads if it happens again (1 needs no workers)',
    )
    expect(thrownBy(() => machine.run(machine.number('nothing'), 1))).toBe(error)
    expect(machine.crew.ready).toBe(0)
  })

  test('at the next call when the worker ended before it, with its exit code', async () => {
    const { machine, worker, exit } = await pair()
    worker.terminate()
    await vi.waitFor(() => expect(exit).toHaveBeenCalled(), PATIENT)
    const error = thrownBy(() => machine.run(machine.number('nothing'), 2))
    expect(error).toBeInstanceOf(WorkerError)
    expect(error).toMatchObject({ thread: 1, task: null })
    expect((error as Error).message).toMatch(/^thread 1: the worker ended with exit code 1; start again/)
    expect(thrownBy(() => machine.run(machine.number('nothing'), 2))).toBe(error)
  })

  test('when a worker does not get its chunk done in 1200 waits, and ends that worker', async () => {
    const { machine, exit, started, flag } = await pair()
    const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
    const error = thrownBy(() => machine.run(machine.number('stall'), 2, started, flag))
    expect(error).toBeInstanceOf(WorkerError)
    expect((error as Error).message).toMatch(/^thread 1, task stall: the worker hangs; start again/)
    expect(wait).toHaveBeenCalledTimes(1200)
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1), PATIENT)
  })

  test('when it does not in 1200 waits after the last chunk that was done', async () => {
    const { machine, started, flag } = await pair()
    let waits = 0
    vi.spyOn(Atomics, 'wait').mockImplementation((...args: unknown[]) => {
      const [numbers, done] = args as [Int32Array, number]
      waits++
      if (waits === 1) Atomics.sub(numbers, done, 1)
      if (waits === 1000) Atomics.add(numbers, done, 1)
      return 'timed-out'
    })
    expect(() => machine.run(machine.number('stall'), 2, started, flag)).toThrow('the worker hangs')
    expect(waits).toBe(2200)
  })

  test('but never mind how long a living worker takes', async () => {
    const { machine, started, flag, integers } = await pair()
    const wait = Atomics.wait
    let waits = 0
    vi.spyOn(Atomics, 'wait').mockImplementation((...args: unknown[]) => {
      if (++waits < 1199) return 'timed-out'
      Atomics.store(integers, 1, 1)
      return Reflect.apply(wait, Atomics, args)
    })
    machine.run(machine.number('stall'), 2, started, flag)
    expect(waits).toBe(1199)
    integers.set([0, 1])
    machine.run(machine.number('stall'), 2, started, flag)
  })

  test.each([
    [1, 'the worker'],
    [0, 'the caller'],
  ])('when a chunk throws on thread %i, %s', async (victim, _) => {
    const { machine, exit, started } = await pair()
    const error = thrownBy(() => machine.run(machine.number('trap'), 2, started, victim))
    expect(error).toBeInstanceOf(WorkerError)
    expect(error).toMatchObject({
      thread: victim,
      task: 'trap',
      message: `thread ${victim}, task trap: a chunk failed: RuntimeError: unreachable`,
    })
    expect(thrownBy(() => machine.run(machine.number('nothing'), 2))).toBe(error)
    await vi.waitFor(() => expect(exit).toHaveBeenCalled(), PATIENT)
  })

  test('when a worker cannot be started, and ends the others', () => {
    const terminate = vi.fn()
    const cause = new Error('no more threads')
    const error = thrownBy(() =>
      machineOf(3, (_program, data) => {
        if (data.thread === 2) throw cause
        return { isAlive: () => true, terminate }
      }),
    )
    expect(error).toBeInstanceOf(WorkerError)
    expect(error).toMatchObject({ thread: 2, task: null, cause })
    expect((error as Error).message).toMatch(
      /^thread 2: the worker cannot be started: Error: no more threads$/,
    )
    expect(terminate).toHaveBeenCalledTimes(1)
  })

  test('when a worker failed at its start, with the reason', async () => {
    let exited = () => {}
    const end = new Promise<void>(resolve => {
      exited = resolve
    })
    const machine = machineOf(2, (_program, data, onExit) =>
      spawnWorker('() => { throw new Error("not here") }', data, (code, error) => {
        onExit(code, error)
        exited()
      }),
    )
    await end
    expect(() => machine.run(machine.number('nothing'), 2)).toThrow(
      'thread 1: the worker ended with exit code 1 (Error: not here); start again',
    )
  })
})
