import {
  backend,
  type Callback,
  Dense,
  OptionError,
  type Sequential,
  setBackend,
  setTerminal,
  WorkerError,
} from 'convnet-ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { currentBackend } from '../../src/backend/backend.ts'
import { host, setHost } from '../../src/backend/host.ts'
import type { WorkerThread } from '../../src/kernels/simd/runtime/crew.ts'
import { terminal } from '../../src/text/terminal.ts'
import { expectSameBits } from '../support/compare.ts'
import { recorder } from '../support/terminals.ts'
import { toyData, toyModel } from '../support/toy.ts'

const before = terminal()
// The suite may run with any choice made from outside.
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('CONVNET_')) vi.stubEnv(name, '')
  setBackend({})
})
afterEach(() => {
  setTerminal(before)
  vi.unstubAllEnvs()
  setBackend({})
})

/** The first line of a model's plan, which says what computes it. */
function planOf(model: Sequential): string {
  let text = ''
  model.describePlan({ batchSize: 8 }, part => {
    text += part
  })
  return text.split('\n')[0]
}

const weightsOf = (model: Sequential) => model.getWeights().flatMap(({ data }) => Array.from(data))

async function trained(): Promise<number[]> {
  const model = toyModel({ seed: 3 })
  const { x, y } = toyData(32)
  await model.fit(x, y, { batchSize: 8, epochs: 2, verbose: 0 })
  return weightsOf(model)
}

describe('setBackend', () => {
  test('holds for models that are built from then on, and no others', () => {
    setBackend({ kernels: 'reference' })
    const early = toyModel()
    const late = toyModel()
    expect(planOf(early)).toBe(
      'Plan for batches of up to 8 rows: the reference in TypeScript, strict, 1 thread',
    )
    setBackend({ kernels: 'simd', numerics: 'strict', threads: 1, turbo: false, fusion: false })
    const simd = 'Plan for batches of up to 8 rows: WebAssembly SIMD, strict, 1 thread, 4×8 tiles, no fusion'
    expect(planOf(late)).toBe(simd)
    expect(planOf(early)).toContain('the reference')

    setBackend({ kernels: 'reference' })
    expect(planOf(late)).toBe(simd)
  })

  test('a model that is built keeps its backend when a layer is added', () => {
    setBackend({ kernels: 'reference', fusion: false })
    const model = toyModel()
    model.build([8, 8, 1])
    setBackend({ kernels: 'simd', threads: 1, fusion: true })
    model.add(new Dense({ units: 2 }))
    expect(planOf(model)).toContain('the reference in TypeScript, strict, 1 thread, no fusion')
  })

  test('leaves everything as it was where an option is refused', () => {
    setBackend({ kernels: 'reference' })
    expect(() => setBackend({ kernels: 'simd', threads: -1 })).toThrow(OptionError)
    expect(backend.info.kernels).toBe('reference')
  })

  test('gives models of the same choice the same memory', () => {
    setBackend({ threads: 1, numerics: 'strict' })
    const first = currentBackend()
    setBackend({ kernels: 'reference' })
    expect(currentBackend()).not.toBe(first)
    setBackend({ numerics: 'strict', threads: 1 })
    expect(currentBackend()).toBe(first)
    setBackend({ kernels: 'simd', threads: 1, turbo: false })
    expect(currentBackend()).toBe(first)
  })

  test('compiles nothing before it is needed, and then once', () => {
    const usual = host()
    setHost({ ...usual, engine: 'one that has made nothing yet' })
    const compile = vi.spyOn(WebAssembly, 'Module')
    setBackend({ kernels: 'simd', threads: 1, numerics: 'strict', relaxedSimd: false })
    const model = toyModel()
    expect(compile).not.toHaveBeenCalled()
    model.build([8, 8, 1])
    expect(backend.info.relaxedSimd).toBe(false)
    expect(compile).toHaveBeenCalledTimes(1)
    compile.mockRestore()
    setHost(usual)
  })

  test('trains to the same bits with every strict choice', async () => {
    setBackend({ kernels: 'reference' })
    const expected = await trained()
    for (const options of [{ threads: 1 }, { threads: 2 }, { threads: 3 }]) {
      setBackend({ kernels: 'simd', numerics: 'strict', ...options })
      expectSameBits(await trained(), expected, JSON.stringify(options))
    }
  })
})

describe('environment variables', () => {
  test('choose what the program does not', () => {
    vi.stubEnv('CONVNET_KERNELS', 'reference')
    vi.stubEnv('CONVNET_FUSION', 'off')
    setBackend({})
    expect(backend.info).toMatchObject({ kernels: 'reference', fusion: false })
    setBackend({ fusion: true })
    expect(backend.info).toMatchObject({ kernels: 'reference', fusion: true })
    setBackend({ kernels: 'simd', threads: 1 })
    expect(backend.info).toMatchObject({ kernels: 'simd', fusion: false })
  })

  test('are named where they are wrong, before a model is built', () => {
    vi.stubEnv('CONVNET_THREADS', 'all')
    setBackend({})
    const model = toyModel()
    expect(() => model.build([8, 8, 1])).toThrow('the environment: CONVNET_THREADS is "all", expected')
    expect(() => backend.info).toThrow(OptionError)
    vi.stubEnv('CONVNET_THREADS', '')
    model.build([8, 8, 1])
    expect(weightsOf(model).length).toBe(model.countParams())
  })
})

test('what falls back is said to the terminal in one line', () => {
  const output = recorder()
  const said = output.written
  setTerminal(output)
  setBackend({ kernels: 'simd', threads: 1, numerics: 'fast', relaxedSimd: false })
  expect(said).toEqual([])
  expect(backend.info.numerics).toBe('strict')
  expect(said).toEqual([
    'convnet-ts: fast numerics need relaxed SIMD, and it is switched off: strict ones run\n',
  ])
  toyModel().build([8, 8, 1])
  setBackend({})
  setBackend({ kernels: 'simd', threads: 1, numerics: 'fast', relaxedSimd: false })
  expect(backend.info.numerics).toBe('strict')
  expect(said).toHaveLength(1)
})

test('info names the engine, and the threads that run', () => {
  setBackend({ kernels: 'simd', threads: 3 })
  const { engine, threads } = backend.info
  expect(engine).toBe(`V8 ${process.versions.v8.split('.', 2).join('.')} in Node ${process.versions.node}`)
  expect(threads).toBe(3)
})

test.each([
  [{}, false],
  [{ earlyOptimizer: () => {} }, false],
  [{ relaxedSimd: () => {} }, true],
  [{ revectorizer: () => {} }, true],
] as const)('with the flags %o, hasTurbo is %s', (flags, expected) => {
  const usual = host()
  setHost({ ...usual, flags })
  expect(backend.hasTurbo).toBe(expected)
  setHost(usual)
})

test('fit rejects when a thread dies; the weights can go on in a new model', async () => {
  const usual = host()
  const workers: WorkerThread[] = []
  setHost({
    ...usual,
    engine: 'one whose threads die',
    spawn: (...of) => {
      const worker = usual.spawn!(...of)
      workers.push(worker)
      return worker
    },
  })
  try {
    setBackend({ kernels: 'simd', threads: 2, relaxedSimd: false })
    const model = toyModel()
    const { x, y } = toyData(64)
    const endWorkers: Callback = {
      onEpochBegin: epoch => {
        if (epoch === 1) for (const worker of workers) worker.terminate()
      },
    }
    const fit = (of: Sequential, callbacks: Callback[]) =>
      of.fit(x, y, { batchSize: 4, epochs: 1000, verbose: 0, callbacks })
    await expect(fit(model, [endWorkers])).rejects.toThrow(WorkerError)
    await expect(fit(model, [])).rejects.toThrow(WorkerError)
    const weights = weightsOf(model)
    expect(weights.every(Number.isFinite)).toBe(true)

    const next = toyModel()
    next.build([8, 8, 1])
    next.setWeights(model.getWeights())
    expectSameBits(weightsOf(next), weights)
    next.trainOnBatch(x, y)
    expect(workers).toHaveLength(2)
  } finally {
    setHost(usual)
  }
})
