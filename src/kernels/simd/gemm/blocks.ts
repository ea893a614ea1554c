import type { Tables } from '../runtime/tables.ts'

/** Steps of k in a block, about: a block of a panel of 16 columns takes 36 KB. */
const BLOCK = 576

/** The table of a product's blocks. */
export interface Blocks {
  readonly count: number
  /** The table's address. */
  readonly entries: number
}

/**
 * Cuts chains into blocks: of whole segments, as many as fit, or of parts of a segment where one alone is longer.
 *
 * @param segments where each begins, in bytes from the start of a row
 * @param depth numbers in each
 * @param tileColumns columns of a panel of B
 * @param step bytes between the numbers of a segment
 * @param block steps of k in a block, at most
 */
export function blocksOf(
  tables: Tables,
  segments: readonly number[],
  depth: number,
  tileColumns: number,
  step = 4,
  block = BLOCK,
): Blocks {
  const entries: number[] = []
  let k = 0
  const add = (starts: readonly number[], own: number) => {
    // From the end of a segment to the start of the next.
    const jumps = starts.map((start, s) => start - (s > 0 ? starts[s - 1] + step * own : 0))
    entries.push(starts.length, tables.list(jumps), own, 4 * tileColumns * k)
    k += starts.length * own
  }
  const together = Math.floor(block / depth)
  if (together > 0) {
    for (let s = 0; s < segments.length; s += together) add(segments.slice(s, s + together), depth)
  } else {
    for (const start of segments) {
      for (let d = 0; d < depth; d += block) add([start + step * d], Math.min(block, depth - d))
    }
  }
  return { count: entries.length / 4, entries: tables.list(entries) }
}
