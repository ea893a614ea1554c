import { fromBase64 } from './from-base64.ts'

/*
 * What the engine is able to run, found out by showing it small modules. The answers are not kept, since they change with
 * the engine's flags.
 */

/** The modules, each with a function `run`, in base64; the test of this file writes them. */
export const probes = {
  /** () → a vector of zeros */
  vector: 'AGFzbQEAAAABBQFgAAF7AwIBAAcHAQNydW4AAAwBAAoWARQA/QwAAAAAAAAAAAAAAAAAAAAACw==',
  /** (a, b, c) → a·b + c, by relaxed SIMD */
  multiplyAdd: 'AGFzbQEAAAABCAFgA319fQF9AwIBAAcHAQNydW4AAAwBAAoWARQAIAD9EyAB/RMgAv0T/YUC/R8ACw==',
  /** A fence, where the module has a memory that can be shared. */
  fence: 'AGFzbQEAAAABBAFgAAADAgEABQQBAwEBBwcBA3J1bgAADAEACgcBBQD+AwAL',
}

/** Whether the engine has vectors of 128 bits. */
export const hasSimd = (): boolean => validates(probes.vector)

/** Whether the engine has relaxed SIMD, and so a fused multiply-add. */
export const hasRelaxedSimd = (): boolean => validates(probes.multiplyAdd)

/**
 * Whether a module's memory can be shared, as one that grows under its arrays has to be. Browsers allow that also where they
 * hide `SharedArrayBuffer` from a page, which only threads need.
 */
export const hasSharedMemory = (): boolean => typeof Atomics === 'object' && validates(probes.fence)

/** Whether the engine tells when an array has been garbage collected, so that its memory can be used again. */
export const hasFinalizers = (): boolean => typeof FinalizationRegistry === 'function'

/**
 * Whether the machine rounds a multiply-add once. x64 processors that do so have vectors of 256 bits as well: both came
 * with AVX2's generation.
 */
export function fusesMultiplyAdd(): boolean {
  if (!hasRelaxedSimd()) return false
  const module = new WebAssembly.Module(bytesOf(probes.multiplyAdd))
  const { run } = new WebAssembly.Instance(module).exports as { run(a: number, b: number, c: number): number }
  const a = 1 + 2 ** -12
  // a² = 1 + 2⁻¹¹ + 2⁻²⁴, of which a product that is rounded by itself loses the last term.
  return run(a, a, -1 - 2 ** -11) !== 0
}

const bytesOf = (probe: string) => fromBase64(probe) as BufferSource

/** False where there is no WebAssembly at all, as in Node with `--jitless`. */
const validates = (probe: string) => typeof WebAssembly === 'object' && WebAssembly.validate(bytesOf(probe))
