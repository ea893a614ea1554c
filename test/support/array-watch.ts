const types = [
  'ArrayBuffer',
  'Uint8Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
] as const

/** Watches how large the arrays are that are asked for by their length, until it is stopped. */
export class ArrayWatch {
  /** Bytes of the largest one since this was last set to 0. */
  largest = 0
  readonly #originals = types.map(type => globalThis[type])

  constructor() {
    for (const type of types) {
      const watched = new Proxy(globalThis[type], {
        construct: (target, args, newTarget) => {
          const made: { readonly byteLength: number } = Reflect.construct(target, args, newTarget)
          if (typeof args[0] === 'number') this.largest = Math.max(this.largest, made.byteLength)
          return made
        },
      })
      this.#set(type, watched)
    }
  }

  stop(): void {
    for (const [i, type] of types.entries()) this.#set(type, this.#originals[i])
  }

  #set(type: (typeof types)[number], value: unknown): void {
    Object.defineProperty(globalThis, type, { value, configurable: true, writable: true })
  }
}
