import type { Kernels } from '../kernels/kernels.ts'
import { referenceFloat32 } from '../kernels/reference/reference.ts'
import type { Tile } from '../kernels/simd/numerics.ts'
import { alone } from '../kernels/simd/runtime/alone.ts'
import { crewOf } from '../kernels/simd/runtime/crew.ts'
import {
  fusesMultiplyAdd,
  hasFinalizers,
  hasRelaxedSimd,
  hasSharedMemory,
  hasSimd,
} from '../kernels/simd/runtime/features.ts'
import type { Crew, Share } from '../kernels/simd/runtime/machine.ts'
import { type SimdOptions, simdKernels } from '../kernels/simd/simd.ts'
import type { Backend } from './chosen.ts'
import type { Host } from './host.ts'
import { type BackendInfo, formatBackend } from './info.ts'
import type { BackendOptions } from './options.ts'
import { agreesWithReference } from './self-test.ts'
import { tileFor } from './targets.ts'

/** Compiles kernels in WebAssembly, and has them run by a crew. */
export type MakeKernels = (options: SimdOptions) => Kernels<Float32Array>

/** More threads than this are not taken unasked: the calls of one step are too short for more to pay. */
const THREADS_THAT_PAY = 8

/**
 * Chooses what computes, as a whole. Where the engine lacks what is asked for, or something fails, the next plainer choice
 * is made: without turbo, with one thread, the reference. A line tells of each thing that is not as it was asked for.
 *
 * @param say told these lines
 * @param made the backends made so far, by what they are: one that is there already is taken, and others are added
 */
export function chooseBackend(
  options: BackendOptions,
  host: Host,
  say: (line: string) => void,
  made: Map<string, Backend> = new Map(),
  makeKernels: MakeKernels = simdKernels,
): Backend {
  if (options.kernels === 'reference') return reference(options, host)
  const lacking = whatIsLacking()
  if (lacking) {
    say(`${host.engine} has no ${lacking}: plain TypeScript runs, slowly`)
    return reference(options, host)
  }
  const { info, tile } = settle(options, host, say)
  const key = JSON.stringify(info)
  const before = made.get(key)
  if (before && !before.isBroken()) return before
  try {
    const backend = simd(info, tile, options.turbo === true, host, makeKernels)
    made.set(key, backend)
    return backend
  } catch (cause) {
    const { numerics, threads } = info
    if (options.turbo) {
      say(`turbo failed (${reason(cause)}): going on without it`)
      switchTurbo(host, false)
      return chooseBackend({ ...options, numerics, threads, turbo: false }, host, say, made, makeKernels)
    }
    if (threads > 1) {
      say(`threads failed (${reason(cause)}): going on with one`)
      return chooseBackend({ ...options, numerics, threads: 1 }, host, say, made, makeKernels)
    }
    say(`WebAssembly failed (${reason(cause)}): plain TypeScript runs, slowly`)
    return reference(options, host)
  }
}

/** What the kernels need and the engine has not; null where it has everything. */
function whatIsLacking(): string | null {
  if (!hasSimd()) return 'SIMD for WebAssembly'
  if (!hasSharedMemory()) return 'shared memory for WebAssembly'
  return hasFinalizers() ? null : 'FinalizationRegistry'
}

/** What the options come to with this engine. Sets the flags of turbo. */
function settle(
  options: BackendOptions,
  host: Host,
  say: (line: string) => void,
): { readonly info: BackendInfo; readonly tile: Tile } {
  const { turbo = false, fusion = true } = options
  const { engine, flags } = host
  const threads = options.threads ?? Math.min(host.cores, THREADS_THAT_PAY)
  if (threads > 1 && !host.spawn && options.threads) say(`${engine}: no threads to be had here: one runs`)

  if (turbo) switchTurbo(host, true, options.relaxedSimd !== false && options.numerics === 'fast')
  const relaxedSimd = options.relaxedSimd !== false && hasRelaxedSimd()
  // Without vectors of 256 bits the flag has no effect, and the tiles for them would not fit the registers.
  const revectorized = turbo && flags.revectorizer !== undefined && fusesMultiplyAdd()
  const numerics = relaxedSimd && options.numerics === 'fast' ? 'fast' : 'strict'
  if (numerics !== (options.numerics ?? 'strict')) {
    const remedy = flags.relaxedSimd && !turbo ? ' (turbo switches it on)' : ''
    const why = options.relaxedSimd === false ? 'it is switched off' : `${engine} lacks it${remedy}`
    say(`fast numerics need relaxed SIMD, and ${why}: strict ones run`)
  }
  if (turbo && !revectorized && !(flags.relaxedSimd && numerics === 'fast')) {
    const why = flags.revectorizer
      ? 'this processor has no fused multiply-add of 256 bits'
      : `${engine} has no revectoriser here`
    say(`turbo changes nothing: ${why}`)
  }
  // The tile makes the bytes of the module differ with the flag: an engine that met the same ones before the flag was set
  // would take the code that it has compiled then.
  const tile = tileFor(numerics, revectorized)
  const info: BackendInfo = {
    kernels: 'simd',
    numerics,
    threads: host.spawn ? threads : 1,
    relaxedSimd,
    revectorized,
    fusion,
    tile: `${tile.rows}×${tile.columns}`,
    engine,
  }
  return { info, tile }
}

function simd(
  info: BackendInfo,
  tile: Tile,
  turbo: boolean,
  { flags, spawn }: Host,
  makeKernels: MakeKernels,
): Backend {
  const { numerics, threads, relaxedSimd } = info
  const hire = spawn ? crewOf(threads, spawn) : alone
  const crews: Crew[] = []
  // So that the test is of the code that stays, and not of what the engine begins with.
  if (turbo) flags.earlyOptimizer?.(true)
  try {
    const hireOne = (share: Share) => {
      const crew = hire(share)
      crews.push(crew)
      return crew
    }
    const kernels = makeKernels({ numerics, tile, relaxedSimd, hire: hireOne })
    if (turbo && !agreesWithReference(kernels, numerics))
      throw new Error('its results are not those of the reference')
    return {
      kernels: { ...kernels, name: formatBackend(info) },
      info,
      isBroken: () => crews.some(({ ready }) => ready === 0),
    }
  } finally {
    if (turbo) flags.earlyOptimizer?.(false)
  }
}

function reference({ fusion = true }: BackendOptions, { engine }: Host): Backend {
  const info: BackendInfo = {
    kernels: 'reference',
    numerics: 'strict',
    threads: 1,
    relaxedSimd: false,
    revectorized: false,
    fusion,
    tile: null,
    engine,
  }
  return { kernels: { ...referenceFloat32, name: formatBackend(info) }, info, isBroken: () => false }
}

function switchTurbo({ flags }: Host, on: boolean, relaxedSimd = true): void {
  flags.revectorizer?.(on)
  if (relaxedSimd) flags.relaxedSimd?.(on)
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
