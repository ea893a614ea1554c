import type { Labelled, RowData } from './rows.ts'

/** Rows that a fingerprint is made of at most: it takes a few milliseconds for images of 28×28. */
const SAMPLED = 1024

/** 32 bits that tell one set of labelled rows from another, made of rows spread evenly over it. */
export function fingerprint({ x, y }: Labelled): number {
  return addRows(addRows(OFFSET, x), y) >>> 0
}

/** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/, over 32-bit words in place of bytes. */
const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

const value = new Float64Array(1)
const words = new Int32Array(value.buffer)

/** Values rather than bytes, so that the same images in another type are the same data. */
function addRows(hash: number, { count, size, data }: RowData): number {
  const sampled = Math.min(count, SAMPLED)
  for (let i = 0; i < sampled; i++) {
    const from = Math.floor((i * count) / sampled) * size
    for (let j = from; j < from + size; j++) {
      value[0] = data[j]
      hash = Math.imul(hash ^ words[0], PRIME)
      hash = Math.imul(hash ^ words[1], PRIME)
    }
  }
  return hash
}
