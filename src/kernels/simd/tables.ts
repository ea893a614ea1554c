import type { Machine } from './machine.ts'

/** Tables of integers in a machine's memory: made once, and kept. */
export class Tables {
  readonly #machine: Machine
  readonly #ramps = new Map<number, Float32Array>()
  readonly #lists: Float32Array[] = []

  constructor(machine: Machine) {
    this.#machine = machine
  }

  /** The address of 0, step, 2·step, …: at least `length` numbers. */
  ramp(step: number, length: number): number {
    let ramp = this.#ramps.get(step)
    if (!ramp || ramp.length < length) {
      ramp = this.#machine.allocate(length)
      const numbers = new Int32Array(ramp.buffer, ramp.byteOffset, length)
      for (let i = 0; i < length; i++) numbers[i] = i * step
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
    const list = this.#machine.allocate(numbers.length)
    new Int32Array(list.buffer, list.byteOffset, numbers.length).set(numbers)
    this.#lists.push(list)
    return list.byteOffset
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
    if (this.#array.length < length) this.#array = this.#machine.allocate(length)
    return this.#array.byteOffset
  }
}
