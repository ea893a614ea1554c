import type { Labelled, RowData } from '../rows.ts'

/** Rows that a fingerprint is made of at most: it takes a few milliseconds for images of 28×28. */
const SAMPLED = 1024

/** 32 bits that tell one set of labelled rows from another, made of rows spread evenly over it. */
export function fingerprint({ x, y }: Labelled): number {
  return addRows(addRows(0, x), y) >>> 0
}

const value = new Float64Array(1)
const words = new Int32Array(value.buffer)

/** Values rather than bytes, so that the same images in another type are the same data. */
function addRows(hash: number, { count, size, data }: RowData): number {
  const sampled = Math.min(count, SAMPLED)
  for (let i = 0; i < sampled; i++) {
    const from = Math.floor((i * count) / sampled) * size
    for (let j = from; j < from + size; j++) {
      value[0] = data[j]
      hash = addWord(addWord(hash, words[0]), words[1])
    }
  }
  return hash
}

/** One round of MurmurHash3 for 32 bits, https://github.com/aappleby/smhasher. */
function addWord(hash: number, word: number): number {
  const scrambled = hash ^ Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593)
  return (Math.imul(rotate(scrambled, 13), 5) + 0xe6546b64) | 0
}

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))
