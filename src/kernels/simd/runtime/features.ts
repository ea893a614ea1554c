import { type AnyMemory, atomic, type Func, f32, f32x4, func, Module, memory, v128 } from 'wasmati'

/*
 * What the engine is able to run, found out by showing it small modules. The answers are not kept, since they change with
 * the engine's flags.
 */

/** Whether the engine has vectors of 128 bits. */
export const hasSimd = (): boolean => validates(vector())

/** Whether the engine has relaxed SIMD, and so a fused multiply-add. */
export const hasRelaxedSimd = (): boolean => validates(multiplyAdd())

/**
 * Whether a module's memory can be shared, as one that grows under its arrays has to be. Browsers allow that also where they
 * hide `SharedArrayBuffer` from a page, which only threads need.
 */
export function hasSharedMemory(): boolean {
  if (typeof Atomics !== 'object') return false
  const fence = func({ in: [], out: [] }, () => atomic.fence())
  return validates(fence, memory({ min: 1, max: 1, shared: true }))
}

/** Whether the engine tells when an array has been garbage collected, so that its memory can be used again. */
export const hasFinalizers = (): boolean => typeof FinalizationRegistry === 'function'

/**
 * Whether the machine rounds a multiply-add once. x64 processors that do so have vectors of 256 bits as well: both came
 * with AVX2's generation.
 */
export function fusesMultiplyAdd(): boolean {
  if (!hasRelaxedSimd()) return false
  const module = new WebAssembly.Module(bytesOf(multiplyAdd()))
  const { run } = new WebAssembly.Instance(module).exports as { run(a: number, b: number, c: number): number }
  const a = 1 + 2 ** -12
  // a² = 1 + 2⁻¹¹ + 2⁻²⁴, of which a product that is rounded by itself loses the last term.
  return run(a, a, -1 - 2 ** -11) !== 0
}

const vector = () => func({ in: [], out: [v128] }, () => v128.const('i32x4', [0, 0, 0, 0]))

/** a·b + c */
const multiplyAdd = () =>
  func({ in: [f32, f32, f32], out: [f32] }, ([a, b, c]) => {
    f32x4.relaxed_madd(f32x4.splat(a), f32x4.splat(b), f32x4.splat(c))
    f32x4.extract_lane(0)
  })

type AnyFunction = ReturnType<typeof vector> | ReturnType<typeof multiplyAdd> | Func<[], []>

const bytesOf = (run: AnyFunction, memory?: AnyMemory) =>
  Module({ exports: { run }, memory }).toBytes() as BufferSource

/** False where there is no WebAssembly at all, as in Node with `--jitless`. */
const validates = (run: AnyFunction, memory?: AnyMemory) =>
  typeof WebAssembly === 'object' && WebAssembly.validate(bytesOf(run, memory))
