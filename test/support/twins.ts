import type { Machine } from '../../src/kernels/simd/runtime/machine.ts'

/** The same numbers twice: for the reference, and in a machine's memory. */
export interface Twin {
  readonly reference: Float32Array
  readonly simd: Float32Array
}

const TAIL = 6

/** Arrays of `n` drawn numbers and some more behind, which a kernel must neither use nor write. */
export function twins(machine: Machine, n: number, draws: readonly (() => number)[]): Twin[] {
  return draws.map(draw => {
    const simd = machine.allocate(n + TAIL)
    for (let i = 0; i < simd.length; i++) simd[i] = draw()
    return { simd, reference: simd.slice() }
  })
}

/** Lengths that end anywhere in a vector, and about the ends of chunks. */
export const lengths: readonly number[] = [
  ...Array.from({ length: 41 }, (_, n) => n),
  ...[-5, -4, -1, 0, 1, 4, 7].map(more => 16_384 + more),
  3 * 16_384 + 3,
]

const SPECIALS = [
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-42,
  -1e-45,
  2 ** -126,
  3.4e38,
  -3.4e38,
]

/** Numbers of both signs and many magnitudes, with the special ones among them. */
export const mixed = (next: () => number) => (): number => {
  const special = Math.floor(60 * next())
  return SPECIALS[special] ?? (2 * next() - 1) * 10 ** (8 * next() - 4)
}
