import type { Numerics, Target, Tile } from '../kernels/simd/numerics.ts'

/**
 * The tile of outputs in registers. Measured on Zen 5, one thread: with the revectoriser, fast, a dense layer runs at 116 to 120
 * GFLOP/s with 6×16 and at 108 to 110 with 4×16; strict, where each product needs a register of its own, 6×16 spills to 56.
 * Without the revectoriser 4×8 reaches 53 to 55 (Node 24) and 47 to 54 (Node 20), where 6×8 reaches 24 to 30 on Node 20.
 */
export function tileFor(numerics: Numerics, revectorized: boolean): Tile {
  if (!revectorized) return { rows: 4, columns: 8 }
  return { rows: numerics === 'fast' ? 6 : 4, columns: 16 }
}

/** Every target that can be chosen, with the revectoriser or without; fast numerics need relaxed SIMD. */
export function targetsToChoose(revectorized: boolean): Target[] {
  const choices = [
    { numerics: 'strict', relaxedSimd: false },
    { numerics: 'strict', relaxedSimd: true },
    { numerics: 'fast', relaxedSimd: true },
  ] as const
  return choices.map(choice => ({ ...choice, tile: tileFor(choice.numerics, revectorized) }))
}
