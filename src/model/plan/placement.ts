/** A stretch of memory that is needed from one moment to another, both included. */
export interface Lifetime {
  readonly bytes: number
  readonly from: number
  readonly until: number
}

/** A cache line. */
const ALIGNMENT = 64

/**
 * Places buffers in one arena so that no two that live at the same time overlap: the largest first, each in the lowest
 * gap that holds it.
 *
 * @returns the offset of each buffer, and the bytes of the whole
 */
export function place(buffers: readonly Lifetime[]): { offsets: number[]; bytes: number } {
  const offsets = buffers.map(() => 0)
  const largestFirst = buffers.map((_, i) => i).sort((a, b) => buffers[b].bytes - buffers[a].bytes || a - b)
  const placed: number[] = []
  let total = 0
  for (const i of largestFirst) {
    const { bytes, from, until } = buffers[i]
    const neighbours = placed
      .filter(j => buffers[j].from <= until && from <= buffers[j].until)
      .sort((a, b) => offsets[a] - offsets[b])
    let offset = 0
    for (const j of neighbours) {
      if (offset + bytes <= offsets[j]) break
      offset = Math.max(offset, align(offsets[j] + buffers[j].bytes))
    }
    offsets[i] = offset
    placed.push(i)
    total = Math.max(total, offset + bytes)
  }
  return { offsets, bytes: align(total) }
}

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
