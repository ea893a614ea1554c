import { i32, type Local, v128 } from 'wasmati'
import {
  atMost,
  element,
  type Int,
  type Locals,
  type Names,
  range,
  set,
  type Task,
  task,
  type Vector,
  when,
} from './assembly.ts'
import { lowBytes } from './bytes.ts'

/** The locals that `fours` works in. */
export const foursLocals = { i: 'i32', whole: 'i32', four: 'v128' } as const

/** Four neighbours of an array that starts at an address: those from the current element on. */
export interface Four {
  load(array: Int): Vector
  store(array: Int, vector: Vector): void
  /** Stores the low bytes of four integers, −1 as 255, in an array of bytes. */
  storeBytes(array: Int, vector: Vector): void
}

/**
 * body(), for each four elements of `from` … `to`. The last one to three go through the same vector instructions, so that
 * bits never depend on where an element lies: what is behind the end is loaded with them, but not stored.
 */
export function fours(
  { i, whole, four }: Locals<typeof foursLocals>,
  from: Int,
  to: Local<'i32'>,
  body: (four: Four) => void,
): void {
  const load = (array: Int) => v128.load({}, element(array, i))
  set(i, from)
  set(whole, i32.add(i, i32.and(i32.sub(to, i), -4)))
  range(i, i, whole, 4, () => {
    body({
      load,
      store(array, vector) {
        set(four, vector)
        v128.store({}, element(array, i), four)
      },
      storeBytes(array, vector) {
        set(four, vector)
        set(four, lowBytes(four))
        v128.store32_lane({}, 0, i32.add(array, i), four)
      },
    })
  })
  when(i32.lt_u(i, to), () => {
    body({
      load,
      store(array, vector) {
        set(four, vector)
        v128.store32_lane({}, 0, element(array, i), four)
        for (const lane of [1, 2]) {
          when(i32.lt_u(i32.add(i, lane), to), () => {
            v128.store32_lane({ offset: 4 * lane }, lane, element(array, i), four)
          })
        }
      },
      storeBytes(array, vector) {
        set(four, vector)
        set(four, lowBytes(four))
        v128.store8_lane({}, 0, i32.add(array, i), four)
        for (const lane of [1, 2]) {
          when(i32.lt_u(i32.add(i, lane), to), () => {
            v128.store8_lane({ offset: lane }, lane, i32.add(array, i), four)
          })
        }
      },
    })
  })
}

/** The locals that `part` works in, and its chunk and length. */
type Part = Locals<{ chunk: 'i32'; n: 'i32'; from: 'i32'; to: 'i32' }>

/** from … to = those of the numbers 0 … n − 1 that belong to a chunk of `size`. */
export function part({ chunk, n, from, to }: Part, size: Int): void {
  set(from, i32.mul(chunk, size))
  atMost(to, i32.add(from, size), n)
}

/** Elements of a chunk, a multiple of 4: enough that their work is far above the cost of handing them to another thread. */
const CHUNK = 16_384

/** Chunks of an elementwise task of `n` elements. */
export const chunksOf = (n: number): number => Math.ceil(n / CHUNK)

/** A task that works on the elements 0 … n − 1 of its arrays, each by itself. `n` is its first parameter. */
export function elementwise<
  const P extends { readonly [name: string]: 'i32' | 'f32' },
  const L extends Names = Record<never, never>,
>(
  parameters: P,
  locals: L,
  body: (names: Locals<{ i: 'i32' }> & Locals<P> & Locals<L>, four: Four) => void,
): Task {
  return task({ n: 'i32', ...parameters }, { ...foursLocals, from: 'i32', to: 'i32', ...locals }, given => {
    const own = given as Part & Locals<typeof foursLocals>
    const names = given as Locals<{ i: 'i32' }> & Locals<P> & Locals<L>
    part(own, CHUNK)
    fours(own, own.from, own.to, four => body(names, four))
  })
}
