import type { Kernels } from '../kernels/kernels.ts'
import type { Real } from '../tensor/tensor.ts'

/** The kernels of a set. */
export type KernelName = Exclude<keyof Kernels, 'name' | 'arithmetic' | 'allocate' | 'release' | 'owns'>

/** Fresh numbers in the memory of a kernel set: inputs, and what outputs hold beforehand. */
export interface Draws<A extends Real> {
  /** From −1 … 1. */
  reals(length: number): A
  /** 0 … end − 1. */
  integers<T extends Uint8Array | Int32Array>(Type: IntegerArray<T>, length: number, end: number): T
}

type IntegerArray<T> = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => T

/** A call of a kernel. */
export interface Case<Name extends KernelName> {
  /** Of the longest sum of products; 0 for a kernel that has the same bits in either numerics. */
  readonly terms: number
  /** @returns the outputs */
  readonly run: <A extends Real>(kernel: Kernels<A>[Name], draws: Draws<A>) => readonly ArrayLike<number>[]
}
