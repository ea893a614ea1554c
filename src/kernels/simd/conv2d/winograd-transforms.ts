import { f32x4, type Local, v128 } from 'wasmati'
import { type Int, increase, type Locals, set, type Vector, vectors } from '../assembly/assembly.ts'

/*
 * Winograd's minimal filtering F(2×2, 3×3): a tile of 4×4 inputs d gives 2×2 outputs by 16 multiplications for each
 * channel and filter, in place of 36 (Lavin & Gray 2015, Fast Algorithms for Convolutional Neural Networks, section 4.1):
 *
 *   Y = Aᵀ·[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]·A
 *
 * Summed over the channels, ⊙ is a product of matrices for each of the 16 places e: Mₑ = Vₑ·Uₑ, [tiles, C]·[C, F].
 */

type Matrix = readonly (readonly number[])[]

export const BT: Matrix = [
  [1, 0, -1, 0],
  [0, 1, 1, 0],
  [0, -1, 1, 0],
  [0, 1, 0, -1],
]
export const G: Matrix = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
]
export const AT: Matrix = [
  [1, 1, 1, 0],
  [0, 1, -1, -1],
]
const transpose = (matrix: Matrix): Matrix => matrix[0].map((_, j) => matrix.map(row => row[j]))
export const A = transpose(AT)
export const GT = transpose(G)

/** Places of a transformed tile. */
export const PLACES = 16
/** The place that a bias is added to: Aᵀ·M·A takes it to all four outputs as it is. */
export const BIAS_PLACE = 5
/** A step works on a pair of vectors, which an engine may join into one of 256 bits. */
export const SIDES = [0, 1] as const
/** Numbers of a step. */
export const STEP = 4 * SIDES.length

/** Σ factors[k]·terms[k], of factors mostly 0 and ±1. */
function combine(factors: readonly number[], terms: readonly Local<'v128'>[]): Vector {
  let sum: Vector | undefined
  // From a positive one on, which every row has but the last of A.
  const order = [...factors.keys()].filter(k => factors[k]).sort((a, b) => factors[b] - factors[a])
  for (const k of order) {
    const size = Math.abs(factors[k])
    const term = size === 1 ? terms[k] : f32x4.mul(terms[k], f32x4.splat(size))
    if (sum === undefined) sum = factors[k] > 0 ? term : f32x4.neg(term)
    else sum = factors[k] > 0 ? f32x4.add(sum, term) : f32x4.sub(sum, term)
  }
  return sum!
}

/** The locals that `transform` works in. */
export const transformLocals = { line: vectors(2 * 4), half: vectors(2 * 16), result: vectors(2) } as const

/** Loads, or stores, one side of the pair of vectors at [i, j]; in row-major order, side 0 before side 1. */
type Load = (i: number, j: number, side: number) => Vector
type Store = (i: number, j: number, side: number, vector: Local<'v128'>) => void

/** M·X·Mᵀ, for each lane of a pair of vectors. */
export function transform(
  matrix: Matrix,
  { line, half, result }: Locals<typeof transformLocals>,
  load: Load,
  store: Store,
): void {
  const size = matrix[0].length
  const range = [...Array(size).keys()]
  for (const i of range) {
    for (const j of range) for (const side of SIDES) set(line[2 * j + side], load(i, j, side))
    for (const [j, factors] of matrix.entries()) {
      for (const side of SIDES) {
        const terms = range.map(k => line[2 * k + side])
        set(half[2 * (4 * i + j) + side], combine(factors, terms))
      }
    }
  }
  for (const [i, factors] of matrix.entries()) {
    for (const j of matrix.keys()) {
      for (const side of SIDES) {
        const terms = range.map(k => half[2 * (4 * k + j) + side])
        set(result[side], combine(factors, terms))
        store(i, j, side, result[side])
      }
    }
  }
}

/** Loads what lies `step` bytes apart from an address on, which moves along; `wrap` bytes from a row to the next. */
export function loadAlong(address: Local<'i32'>, step: Int, wrap = step): Load {
  return (i, j, side) => {
    if (side === 0 && i + j > 0) increase(address, j > 0 ? step : wrap)
    return v128.load({ offset: 16 * side }, address)
  }
}

export function storeAlong(address: Local<'i32'>, step: Int): Store {
  return (i, j, side, vector) => {
    if (side === 0 && i + j > 0) increase(address, step)
    v128.store({ offset: 16 * side }, address, vector)
  }
}
