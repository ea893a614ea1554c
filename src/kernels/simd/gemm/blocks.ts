import type { Tables } from '../runtime/tables.ts'
import { BLOCK_BYTES } from './product.ts'

/** Steps of k in a block, unless told otherwise: a block of a panel of 16 columns takes 36 KB. */
const BLOCK = 576

/** How sums are cut. */
interface Cut {
  /** Bytes between the numbers of a segment. Default 4. */
  readonly step?: number
  /** Steps of k in a block, at most. Default: 576. */
  readonly longest?: number
  /** Whether each block is a chain from 0, added to the sum of those before, or goes on with their chain. Default false. */
  readonly isApart?: boolean
}

/** The table of a product's blocks. */
export interface Blocks {
  readonly count: number
  /** The table's address. */
  readonly entries: number
}

/**
 * Cuts sums into blocks: of whole segments, as many as fit, or of parts of a segment where one alone is longer.
 *
 * @param segments where each begins, in bytes from the start of a row
 * @param depth numbers in each
 * @param tileColumns columns of a panel of B
 */
export function blocksOf(
  tables: Tables,
  segments: readonly number[],
  depth: number,
  tileColumns: number,
  { step = 4, longest = BLOCK, isApart = false }: Cut = {},
): Blocks {
  const entries: number[] = []
  let k = 0
  const add = (starts: readonly number[], own: number) => {
    // From the end of a segment to the start of the next.
    const jumps = starts.map((start, s) => start - (s > 0 ? starts[s - 1] + step * own : 0))
    entries.push(starts.length, tables.list(jumps), own, 4 * tileColumns * k, Number(isApart))
    k += starts.length * own
  }
  const together = Math.floor(longest / depth)
  if (together > 0) {
    for (let s = 0; s < segments.length; s += together) add(segments.slice(s, s + together), depth)
  } else {
    for (const start of segments) {
      for (let d = 0; d < depth; d += longest) add([start + step * d], Math.min(longest, depth - d))
    }
  }
  return { count: (4 * entries.length) / BLOCK_BYTES, entries: tables.list(entries) }
}
