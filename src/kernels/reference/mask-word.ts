import type { MaskKey } from '../kernels.ts'

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
const mix = (word: number): number => maskWord(word, 0, 0)

/** The words by which `maskWord` knows a mask's layer, and its step. */
export const layerWord = ({ layer }: MaskKey): number => mix(layer)
export const stepWord = ({ layer, step }: MaskKey): number => mix(step ^ mix(layer))

/** How many of the 2³² words drop their element: those below. */
export const droppedWords = (rate: number): number => Math.round(rate * 2 ** 32)

/** What the elements that a mask keeps are multiplied by; 1 where there is no mask. */
export const maskScale = (mask: { readonly rate: number } | null): number => (mask ? 1 / (1 - mask.rate) : 1)
