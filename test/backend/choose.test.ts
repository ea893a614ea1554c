import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { chooseBackend, type MakeKernels } from '../../src/backend/choose.ts'
import type { Backend } from '../../src/backend/chosen.ts'
import type { EngineFlags, Host } from '../../src/backend/host.ts'
import type { BackendOptions } from '../../src/backend/options.ts'
import { targetsToChoose } from '../../src/backend/targets.ts'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import { targetName } from '../../src/kernels/simd/numerics.ts'
import * as features from '../../src/kernels/simd/runtime/features.ts'
import type { Crew, Share } from '../../src/kernels/simd/runtime/machine.ts'

vi.mock('../../src/kernels/simd/runtime/features.ts')

/** The engine that is played: what it has by itself, and what flags have switched on. */
let has: { simd: boolean; sharedMemory: boolean; finalizers: boolean; relaxedSimd: boolean; fusion: boolean }
/** What happened, in order. */
let events: string[]

beforeEach(() => {
  has = { simd: true, sharedMemory: true, finalizers: true, relaxedSimd: true, fusion: true }
  events = []
  vi.mocked(features.hasSimd).mockImplementation(() => has.simd)
  vi.mocked(features.hasSharedMemory).mockImplementation(() => has.sharedMemory)
  vi.mocked(features.hasFinalizers).mockImplementation(() => has.finalizers)
  vi.mocked(features.hasRelaxedSimd).mockImplementation(() => has.relaxedSimd)
  vi.mocked(features.fusesMultiplyAdd).mockImplementation(() => has.relaxedSimd && has.fusion)
})
afterEach(() => vi.restoreAllMocks())

const log = (name: string) => (on: boolean) => void events.push(`${name} ${on ? 'on' : 'off'}`)

/** The flags of Node 24 and later. */
const modern: EngineFlags = { revectorizer: log('revectorizer'), earlyOptimizer: log('optimizer') }
/** Those of Node 20. */
const old: EngineFlags = {
  relaxedSimd: on => {
    log('relaxed')(on)
    has.relaxedSimd = on
  },
  earlyOptimizer: log('optimizer'),
}

const make: MakeKernels = ({ numerics, tile }) => {
  events.push(`make ${numerics} ${tile.rows}×${tile.columns}`)
  return { ...referenceFloat32, name: 'made' }
}

function choose(
  options: BackendOptions,
  host: Partial<Host> = {},
  makeKernels = make,
  made = new Map<string, Backend>(),
) {
  const lines: string[] = []
  const whole: Host = {
    engine: 'V8 1.0',
    cores: 2,
    spawn: () => ({ isAlive: () => true, terminate: () => {} }),
    flags: {},
    defaults: () => ({}),
    ...host,
  }
  const { kernels, info, isBroken } = chooseBackend(
    options,
    whole,
    line => lines.push(line),
    made,
    makeKernels,
  )
  return { kernels, info, isBroken, lines }
}

const wrong: MakeKernels = options => ({
  ...make(options),
  relu: (n, _, y) => {
    y.fill(1, 0, n)
  },
})

describe('where the engine has what is asked for', () => {
  test('SIMD, strict, on all cores, is what runs if nothing is said', () => {
    const { info, kernels, lines } = choose({})
    expect(info).toEqual({
      kernels: 'simd',
      numerics: 'strict',
      threads: 2,
      relaxedSimd: true,
      revectorized: false,
      fusion: true,
      tile: '4×8',
      engine: 'V8 1.0',
    })
    expect(kernels.name).toBe('WebAssembly SIMD, strict, 2 threads, 4×8 tiles')
    expect([events, lines]).toEqual([['make strict 4×8'], []])
  })

  test('threads are as many as asked for, and else at most 8', () => {
    expect(choose({}, { cores: 96 }).info.threads).toBe(8)
    expect(choose({ threads: 5 }).info.threads).toBe(5)
    expect(choose({ threads: 13 }).info.threads).toBe(13)
  })

  test('fast numerics and fusion are passed on', () => {
    const { info, lines } = choose({ numerics: 'fast', fusion: false })
    expect(info).toMatchObject({ numerics: 'fast', fusion: false, revectorized: false })
    expect([events, lines]).toEqual([['make fast 4×8'], []])
  })

  test('the reference is taken without a word where it is asked for', () => {
    vi.mocked(features.hasSimd).mockImplementation(() => {
      throw new ReferenceError('WebAssembly is not defined')
    })
    const { info, kernels, lines } = choose({ kernels: 'reference', fusion: false })
    expect(info).toMatchObject({
      kernels: 'reference',
      threads: 1,
      relaxedSimd: false,
      fusion: false,
      tile: null,
    })
    expect(kernels.dense).toBe(referenceFloat32.dense)
    expect([events, lines]).toEqual([[], []])
  })

  test('what is there already is taken again, however it was asked for', () => {
    const made = new Map<string, Backend>()
    const { kernels } = choose({}, {}, make, made)
    for (const options of [{ threads: 2 }, { kernels: 'simd', turbo: false }, { relaxedSimd: true }] as const)
      expect(choose(options, {}, make, made).kernels).toBe(kernels)
    expect(events).toHaveLength(1)
    expect(choose({ threads: 1 }, {}, make, made).kernels).not.toBe(kernels)
  })

  test('the targets are those that the package has modules for', () => {
    const chosen = new Set<string>()
    const note: MakeKernels = options => {
      chosen.add(targetName(options))
      return make(options)
    }
    for (const hasRelaxedSimd of [false, true]) {
      for (const fusion of [false, true]) {
        has = { ...has, relaxedSimd: hasRelaxedSimd, fusion }
        for (const numerics of ['strict', 'fast'] as const)
          for (const relaxedSimd of [false, true])
            for (const turbo of [false, true])
              choose({ numerics, relaxedSimd, turbo }, { flags: modern }, note)
      }
    }
    const listed = [false, true].flatMap(targetsToChoose).map(targetName)
    expect([...chosen].sort()).toEqual(listed.sort())
  })

  test('turbo sets its flag, then has everything compiled as it will stay, and tested', () => {
    const { info, lines } = choose({ turbo: true }, { flags: modern })
    expect(info).toMatchObject({ numerics: 'strict', revectorized: true, tile: '4×16' })
    expect(events).toEqual(['revectorizer on', 'optimizer on', 'make strict 4×16', 'optimizer off'])
    expect(lines).toEqual([])
  })

  test('turbo switches relaxed SIMD on where it is an experiment, for fast numerics alone', () => {
    has.relaxedSimd = false
    const { info, lines } = choose({ turbo: true, numerics: 'fast' }, { flags: old })
    expect(info).toMatchObject({ numerics: 'fast', relaxedSimd: true, revectorized: false, tile: '4×8' })
    expect(events).toEqual(['relaxed on', 'optimizer on', 'make fast 4×8', 'optimizer off'])
    expect(lines).toEqual([])
  })
})

describe('falls back, and says so in a line,', () => {
  test.each([
    ['simd', 'SIMD for WebAssembly'],
    ['sharedMemory', 'shared memory for WebAssembly'],
    ['finalizers', 'FinalizationRegistry'],
  ] as const)('to the reference without %s', (feature, name) => {
    has[feature] = false
    const { info, lines } = choose({ fusion: false })
    expect(info).toMatchObject({ kernels: 'reference', numerics: 'strict', threads: 1, fusion: false })
    expect(lines).toEqual([`V8 1.0 has no ${name}: plain TypeScript runs, slowly`])
    expect(events).toEqual([])
  })

  test('to strict numerics without relaxed SIMD', () => {
    const line = 'fast numerics need relaxed SIMD, and'
    expect(choose({ numerics: 'fast', relaxedSimd: false }).lines).toEqual([
      `${line} it is switched off: strict ones run`,
    ])
    has.relaxedSimd = false
    const { info, lines } = choose({ numerics: 'fast' })
    expect(info).toMatchObject({ numerics: 'strict', relaxedSimd: false })
    expect(lines).toEqual([`${line} V8 1.0 lacks it: strict ones run`])
    expect(choose({ numerics: 'fast' }, { flags: old }).lines).toEqual([
      `${line} V8 1.0 lacks it (turbo switches it on): strict ones run`,
    ])
    expect(events).toEqual(['make strict 4×8', 'make strict 4×8', 'make strict 4×8'])
  })

  test('to one thread where there are no others', () => {
    const { info, lines } = choose({ threads: 3 }, { spawn: null })
    expect(info.threads).toBe(1)
    expect(lines).toEqual(['V8 1.0: no threads to be had here: one runs'])
    expect(choose({}, { spawn: null }).lines).toEqual([])
  })

  test.each([
    ['an old engine', { flags: {} }, true, 'V8 1.0 has no revectoriser here'],
    ['an old processor', { flags: modern }, false, 'this processor has no fused multiply-add of 256 bits'],
    ['strict numerics, which need no relaxed SIMD', { flags: old }, true, 'V8 1.0 has no revectoriser here'],
  ])('to small tiles where turbo changes nothing: %s', (_, host, fusion, why) => {
    has.fusion = fusion
    const { info, lines } = choose({ turbo: true }, host)
    expect(info).toMatchObject({ revectorized: false, tile: '4×8' })
    expect(lines).toEqual([`turbo changes nothing: ${why}`])
  })

  test('to what there is without turbo, if the kernels then compute wrongly', () => {
    const { info, kernels, lines } = choose({ turbo: true, numerics: 'fast' }, { flags: modern }, options =>
      options.tile.columns === 16 ? wrong(options) : make(options),
    )
    expect(info).toMatchObject({ numerics: 'fast', revectorized: false, tile: '4×8' })
    expect(kernels.relu).toBe(referenceFloat32.relu)
    expect(events).toEqual([
      ...['revectorizer on', 'optimizer on', 'make fast 6×16', 'optimizer off'],
      ...['revectorizer off', 'make fast 4×8'],
    ])
    expect(lines).toEqual(['turbo failed (its results are not those of the reference): going on without it'])
  })

  test('to strict numerics, if relaxed SIMD was turbo’s', () => {
    has.relaxedSimd = false
    const { info, lines } = choose({ turbo: true, numerics: 'fast' }, { flags: old }, options =>
      options.numerics === 'fast' ? wrong(options) : make(options),
    )
    expect(info).toMatchObject({ numerics: 'strict', relaxedSimd: false })
    expect(events.slice(4)).toEqual(['relaxed off', 'make strict 4×8'])
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^fast numerics need relaxed SIMD/)
  })

  test('step by step, to the reference at last, if nothing can be made', () => {
    const { info, lines } = choose({ turbo: true }, { flags: modern }, options => {
      make(options)
      throw new RangeError('out of memory')
    })
    expect(info).toMatchObject({ kernels: 'reference', threads: 1, revectorized: false })
    expect(lines).toEqual([
      'turbo failed (out of memory): going on without it',
      'threads failed (out of memory): going on with one',
      'WebAssembly failed (out of memory): plain TypeScript runs, slowly',
    ])
    expect(events.slice(3)).toEqual([
      ...['optimizer off', 'revectorizer off', 'make strict 4×8', 'make strict 4×8'],
    ])
  })
})

test('a backend is broken once its threads have ended', () => {
  let crew: { -readonly [K in keyof Crew]: Crew[K] } | undefined
  const share = emptyShare()
  const { isBroken } = choose({ threads: 1 }, {}, options => {
    crew = options.hire(share)
    return make(options)
  })
  expect(isBroken()).toBe(false)
  crew!.ready = 0
  expect(isBroken()).toBe(true)
})

/** A module without tasks. */
function emptyShare(): Share {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  // One import, "m" "m", of a shared memory of one page.
  const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 2, 9, 1, 1, 109, 1, 109, 2, 3, 1, 1]
  return { module: new WebAssembly.Module(Uint8Array.from(bytes)), memory, args: 0, tasks: [] }
}
