import type { Machine } from './machine.ts'

/** Tables of integers in a machine's memory: made once, and kept. */
export class Tables {
  readonly #machine: Machine
  readonly #ramps = new Map<number, Float32Array>()
  /** All that were made, those too that longer ones have replaced: kernels keep addresses. */
  readonly #made: Float32Array[] = []

  constructor(machine: Machine) {
    this.#machine = machine
  }

  /** The address of 0, step, 2·step, …: at least `length` numbers. */
  ramp(step: number, length: number): number {
    let ramp = this.#ramps.get(step)
    if (!ramp || ramp.length < length) {
      ramp = this.#make(Array.from({ length }, (_, i) => i * step))
      this.#ramps.set(step, ramp)
    }
    return ramp.byteOffset
  }

  /** The address of `length` zeros, as integers or as float32. */
  zeros(length: number): number {
    return this.ramp(0, length)
  }

  /** The address of these numbers. */
  list(numbers: readonly number[]): number {
    return this.#make(numbers).byteOffset
  }

  #make(numbers: readonly number[]): Float32Array {
    const table = this.#machine.allocate(numbers.length)
    new Int32Array(table.buffer, table.byteOffset, numbers.length).set(numbers)
    this.#made.push(table)
    return table
  }
}

/** Memory that grows to the largest length asked for, and is written anew by every call. */
export class Workspace {
  readonly #machine: Machine
  #array: Float32Array

  constructor(machine: Machine) {
    this.#machine = machine
    this.#array = machine.allocate(0)
  }

  /** The address of at least `length` float32. */
  reserve(length: number): number {
    if (this.#array.length < length) {
      const larger = this.#machine.allocate(length)
      this.#machine.release(this.#array)
      this.#array = larger
    }
    return this.#array.byteOffset
  }
}

/** Numbers under the names of integers that lie in memory one behind the other. */
export type Numbers<Fields> = { readonly [name in keyof Fields]: number }

/** The values of some names, in the names' order. */
export function valuesOf<Fields extends object, T>(
  fields: Fields,
  values: { readonly [name in keyof Fields]: T },
): T[] {
  return Object.keys(fields).map(name => values[name as keyof Fields])
}
