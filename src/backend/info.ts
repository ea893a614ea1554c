import type { Numerics } from '../kernels/simd/numerics.ts'
import { counted } from '../text/counted.ts'

/** What runs. */
export interface BackendInfo {
  readonly kernels: 'simd' | 'reference'
  readonly numerics: Numerics
  /** Threads that share the work, the calling one included. */
  readonly threads: number
  /** Whether relaxed SIMD is there, and not switched off: whether numerics can be fast. */
  readonly relaxedSimd: boolean
  /** Whether turbo has V8 make 256-bit instructions of pairs of 128-bit ones. */
  readonly revectorized: boolean
  /** Whether layers are fused where that pays. */
  readonly fusion: boolean
  /** The tile of outputs that the products keep in registers, rows × columns; null in the reference. */
  readonly tile: string | null
  /** What runs it all: `V8 13.6 in Node 24.21.0`. */
  readonly engine: string
}

/**
 * The same in one line, without the engine.
 *
 * @example
 * formatBackend(backend.info) // 'WebAssembly SIMD, strict, 2 threads, 4×8 tiles'
 */
export function formatBackend(info: BackendInfo): string {
  const { kernels, numerics, threads, revectorized, fusion, tile } = info
  return [
    kernels === 'simd' ? 'WebAssembly SIMD' : 'the reference in TypeScript',
    numerics,
    counted(threads, 'thread'),
    ...(tile === null ? [] : [`${tile} tiles`]),
    ...(revectorized ? ['revectorised'] : []),
    ...(fusion ? [] : ['no fusion']),
  ].join(', ')
}
