/** The odd factors of the two multiplications in `maskWord`. */
export const MASK_FACTORS = [0x21f0aaad, 0xd35a2d97] as const

/**
 * 32 random bits for element i of a mask. A counter-based generator: any element can be drawn by itself, in any order.
 * The two rounds of multiplication and shift are those of Wellons' "lowbias32" with the constants of smallest known bias
 * (github.com/skeeto/hash-prospector); the step enters between them, so that two masks are no shifts of each other.
 */
export function maskWord(i: number, layer: number, step: number): number {
  let h = i ^ layer
  h = Math.imul(h ^ (h >>> 16), MASK_FACTORS[0])
  h = Math.imul(h ^ (h >>> 15) ^ step, MASK_FACTORS[1])
  return (h ^ (h >>> 15)) >>> 0
}

/** A word that stands for a number of a mask's key in `maskWord`, each of its bits a matter of all bits of the number. */
export const mix = (word: number): number => maskWord(word, 0, 0)
