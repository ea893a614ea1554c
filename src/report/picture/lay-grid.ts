import { OptionError } from '../../errors.ts'
import type { Box } from './drawing.ts'
import { MARGIN } from './picture.ts'
import { SUBTITLE_HEIGHT } from './subtitle.ts'

/** Between two cells of a grid, in both directions. */
export const GAP = 24

/** A narrower image cannot be told from its neighbours. */
const MIN_CELL = 8

/** What is to be laid out. */
interface GridContent {
  readonly count: number
  readonly columns: number
  /** The size of each image, in its own pixels. */
  readonly image: { readonly width: number; readonly height: number }
  /** About how wide an image is to be shown where no width is asked for. */
  readonly cell: number
  /** How high the captions below each image are. */
  readonly captions: number
  /** Of the whole picture, where it is asked for. */
  readonly width: number | undefined
}

/** Images of one size in rows and columns, below a title and a subtitle. */
export interface Grid {
  readonly boxes: readonly Box[]
  /** How wide all columns are. */
  readonly width: number
  /** Where the last row with its captions ends. */
  readonly bottom: number
}

/**
 * Lays out a grid. Images are shown a whole number of times larger, so that all their pixels come out as equal squares,
 * unless another width is asked for.
 *
 * @throws OptionError where the width is too small for the columns
 */
export function layGrid(owner: string, { count, columns, image, cell, captions, width }: GridContent): Grid {
  const least = columns * (MIN_CELL + GAP) - GAP + 2 * MARGIN
  if (width !== undefined && width < least) {
    throw new OptionError(owner, 'width', width, `at least ${least} for ${columns} images side by side`)
  }
  const side =
    width === undefined
      ? image.width * Math.max(1, Math.round(cell / image.width))
      : (width - 2 * MARGIN + GAP) / columns - GAP
  const height = (side * image.height) / image.width
  const rowHeight = height + captions + GAP
  const boxes = Array.from({ length: count }, (_, i) => ({
    x: MARGIN + (i % columns) * (side + GAP),
    y: SUBTITLE_HEIGHT + Math.floor(i / columns) * rowHeight,
    width: side,
    height,
  }))
  return {
    boxes,
    width: columns * (side + GAP) - GAP,
    bottom: SUBTITLE_HEIGHT + Math.ceil(count / columns) * rowHeight - GAP,
  }
}
