import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import type { WorkerData } from '../../src/kernels/simd/runtime/crew-worker.ts'
import { spawnWorker } from '../../src/node/worker.ts'
import { root } from '../support/packed-library.ts'

const share: WorkerData = {
  module: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
  args: 0,
  tasks: [],
  numbers: new Int32Array(new SharedArrayBuffer(16)),
  thread: 1,
}

/** Milliseconds to wait for what is to come soon: long, since the machine may be busy. */
const PATIENT = 20_000

/** Starts a program, and waits until it has ended. */
async function outcome(program: string): Promise<{ code: number; error: unknown }> {
  return new Promise(resolve => spawnWorker(program, share, (code, error) => resolve({ code, error })))
}

describe('spawnWorker', () => {
  test('calls the program with the data, and tells of its end', async () => {
    const program = '({ numbers, thread }) => { numbers[2] = 10 + thread }'
    expect(await outcome(program)).toEqual({ code: 0, error: undefined })
    expect(share.numbers[2]).toBe(11)
  })

  test('tells of an error, and of an exit code', async () => {
    const { code, error } = await outcome('() => { throw new RangeError("too far") }')
    expect(code).toBe(1)
    expect(String(error)).toBe('RangeError: too far')
    expect(await outcome('() => process.exit(7)')).toEqual({ code: 7, error: undefined })
    expect(String((await outcome('() => {')).error)).toMatch(/^SyntaxError/)
  })

  test.each([
    ['waits', 'Atomics.wait(numbers, 3, 1)'],
    ['works', 'for (;;);'],
  ])('ends a worker that %s, and knows that while the event loop stands still', async (_, body) => {
    Atomics.store(share.numbers, 3, 0)
    const exited = vi.fn()
    const program = `({ numbers }) => { Atomics.store(numbers, 3, 1); ${body} }`
    const worker = spawnWorker(program, share, exited)
    await vi.waitFor(() => expect(share.numbers[3]).toBe(1), PATIENT)
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(worker.isAlive()).toBe(true)
    worker.terminate()
    const start = performance.now()
    while (worker.isAlive() && performance.now() - start < 1500) Atomics.wait(share.numbers, 0, 0, 5)
    expect(worker.isAlive()).toBe(false)
    expect(exited).not.toHaveBeenCalled()
    await vi.waitFor(() => expect(exited).toHaveBeenCalledWith(1, undefined), PATIENT)
  })
})

function run(mode: string): ChildProcess {
  const script = ['--import', 'tsx', 'test/support/crew-program.ts', mode]
  return spawn(process.execPath, script, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
}

describe('a process with a crew', () => {
  test.each(['at once', 'ready'])('ends by itself: %s', async mode => {
    const child = run(mode)
    let errors = ''
    child.stderr!.on('data', text => {
      errors += text
    })
    const closed = once(child, 'close')
    const [text] = await once(child.stdout!, 'data')
    const start = performance.now()
    expect(await closed).toEqual([0, null])
    expect(performance.now() - start).toBeLessThan(1000)
    expect(String(text)).toBe(`${Array.from({ length: 16 }, (_, i) => 1000 * (i + 1)).join(' ')}\n`)
    expect(errors).toBe('')
  })

  test('ends at Ctrl-C', async () => {
    const child = run('endless')
    const closed = once(child, 'close')
    await once(child.stdout!, 'data')
    const start = performance.now()
    child.kill('SIGINT')
    expect(await closed).toEqual([null, 'SIGINT'])
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
