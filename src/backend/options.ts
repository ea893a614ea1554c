import type { Numerics } from '../kernels/simd/numerics.ts'
import { checkOptions, flag, oneOf, wholeNumber } from '../options.ts'

/** What may be chosen of the machinery that computes. What is left out is decided by the surroundings, or has a default. */
export interface BackendOptions {
  /** WebAssembly SIMD, or plain TypeScript. Default: `simd` where the engine has it, and shared memory. */
  readonly kernels?: 'simd' | 'reference'
  /**
   * `strict` rounds every operation by itself: the same bits on every machine, for any number of threads. `fast` takes
   * relaxed SIMD's fused multiply-add: the same bits for any number of threads of one machine. Default: `strict`.
   */
  readonly numerics?: Numerics
  /** Threads that share the work, the calling one included, from 1 to 64. Default: the machine's cores, at most 8. */
  readonly threads?: number
  /**
   * Sets flags of V8, for the whole process and from then on: those that switch on its revectoriser, which makes
   * 256-bit instructions of pairs of 128-bit ones (Node 24 and later, on x64), and, where numerics are fast, relaxed SIMD
   * (Node 20). They are V8's experiments, so the kernels are compared with the reference first. Default: false.
   */
  readonly turbo?: boolean
  /** False keeps off relaxed SIMD, and so fast numerics, though the engine has it. Default: true. */
  readonly relaxedSimd?: boolean
  /** False computes layer by layer, without fused steps. Default: true. */
  readonly fusion?: boolean
}

const MAX_THREADS = 64

/**
 * Checks options, and drops those that are undefined.
 *
 * @param owner who takes them, for the error
 * @param nameOf what they are called there
 * @throws OptionError naming the one that is wrong
 */
export function checkBackendOptions(
  owner: string,
  options: BackendOptions,
  nameOf: (option: string) => string = option => option,
): BackendOptions {
  checkOptions(owner, options, Object.keys(checks))
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  for (const [option, value] of given) {
    checks[option as keyof BackendOptions](owner, nameOf(option), value as never)
  }
  return Object.fromEntries(given)
}

type Check = (owner: string, name: string, value: never) => unknown

const checks: { readonly [option in keyof Required<BackendOptions>]: Check } = {
  kernels: (owner, name, value) => oneOf(owner, name, value, ['simd', 'reference']),
  numerics: (owner, name, value) => oneOf(owner, name, value, ['strict', 'fast']),
  threads: (owner, name, value) => wholeNumber(owner, name, value, { min: 1, max: MAX_THREADS }),
  turbo: flag,
  relaxedSimd: flag,
  fusion: flag,
}
