import fc from 'fast-check'
import type { Kernels, WindowGeometry } from '../../src/kernels/kernels.ts'
import { windowGeometry } from '../../src/layers/window.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { expectSameBits } from './compare.ts'

/** What `+ − × ÷ √` go through in a precision. */
export type Round = (x: number) => number

const TAIL = 5

/** A number that no kernel computes: what outputs hold beforehand. */
export const GARBAGE = 12345

/** An array for `n` inputs, and some more behind, which a kernel must not look at. */
export function inputs(kernels: Kernels<Real>, n: number, next: () => number): Real {
  const array = kernels.allocate(n + TAIL)
  for (let i = 0; i < array.length; i++) array[i] = next()
  return array
}

/** An array for `n` outputs, and some more behind, full of garbage. */
export function outputs(kernels: Kernels<Real>, n: number): Real {
  return kernels.allocate(n + TAIL).fill(GARBAGE) as Real
}

/** An array of these numbers, in the memory of a kernel set. */
export function arrayOf(kernels: Kernels<Real>, numbers: ArrayLike<number>): Real {
  const array = kernels.allocate(numbers.length)
  array.set(numbers)
  return array
}

/** The arrays that views lie in: a kernel set may take back the memory of an array that nobody holds. */
const viewed = new WeakMap<ArrayBufferView, Real>()

/** `n` integers, such as winners, in the memory of a kernel set. */
export function integers<T extends Uint8Array | Int32Array>(
  kernels: Kernels<Real>,
  Type: new (buffer: ArrayBufferLike, byteOffset: number, length: number) => T,
  n: number,
): T {
  const array = kernels.allocate(n)
  const view = new Type(array.buffer, array.byteOffset, n)
  viewed.set(view, array)
  return view
}

/** Throws unless an array of `outputs` starts with exactly these numbers, and has its garbage still behind them. */
export function expectWritten(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  behind: ArrayLike<number> = new Array(TAIL).fill(GARBAGE),
): void {
  expectSameBits(actual, [...Array.from(expected), ...Array.from(behind)], what)
}

/** The numbers that lie behind the first `n` of an array. */
export const tail = (array: Real, n: number): Real => array.slice(n) as Real

/** s ← s + a·b, one pair after the other; product and sum are rounded. */
export function chain(round: Round, start: number, pairs: Iterable<readonly [number, number]>): number {
  let s = start
  for (const [a, b] of pairs) s = round(s + round(a * b))
  return s
}

/** s ← s + a, one term after the other. */
export function sum(round: Round, terms: Iterable<number>, start = 0): number {
  let s = start
  for (const a of terms) s = round(s + a)
  return s
}

/** Numbers of both signs, of which some are the special ones. */
export function withSpecials(next: () => number): () => number {
  const specials = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-42, 1e38]
  return () => {
    const choice = Math.floor(40 * next())
    return specials[choice] ?? 2 * next() - 1
  }
}

/** The same without infinities and NaN. */
export const finite = (draw: () => number) => (): number => {
  let x = draw()
  while (!Number.isFinite(x)) x = draw()
  return x
}

/** Numbers in −1 … 1. */
export const centred = (next: () => number) => () => 2 * next() - 1

const upTo = (max: number) => fc.integer({ min: 1, max })

/** Windows of all sizes, strides and paddings that fit. */
export const windows: fc.Arbitrary<WindowGeometry> = fc
  .record({
    image: fc.tuple(upTo(9), upTo(9), upTo(6)),
    kernel: fc.tuple(upTo(4), upTo(4)),
    strides: fc.tuple(upTo(3), upTo(3)),
    padding: fc.constantFrom('valid' as const, 'same' as const),
  })
  .filter(
    ({ image, kernel, padding }) => padding === 'same' || (kernel[0] <= image[0] && kernel[1] <= image[1]),
  )
  .map(({ image, ...options }) => windowGeometry('windows', image, options))
