import { OptionError } from '../../errors.ts'
import { MARGIN, TEXT_SIZE, TITLE_HEIGHT } from '../picture/picture.ts'
import { textWidth } from '../picture/text-width.ts'

/** Where the parts of a heat map lie, in pixels. */
export interface HeatMapLayout {
  readonly left: number
  readonly top: number
  /** Where the last cells and the names above them end. */
  readonly right: number
  /** From one cell to the next. */
  readonly step: number
  /** Of a cell, which is a little smaller. */
  readonly cell: number
  /** Room for each name. */
  readonly nameWidth: number
  /** Whether the names of columns are too wide for them, and stand aslant. */
  readonly isTilted: boolean
  /** Which rows and columns have their names written: every first, second, … */
  readonly everyRow: number
  readonly everyColumn: number
  /** Of the font of the numbers; 0 where they have no room. */
  readonly numberSize: number
}

/** What decides the layout. */
interface HeatMapContent {
  /** Of rows and columns alike. */
  readonly names: readonly string[]
  /** The numbers. */
  readonly texts: readonly string[]
  /** What rows are, above their names. */
  readonly down: string
  /** Of the whole picture, where it is asked for. */
  readonly width: number | undefined
}

/** Between a name and the cells, and around what stands in a cell. */
export const GAP = 8
const PADDING = 5

/** How much of a tilted name's length goes to the side, and how much upwards. */
const TILT = Math.SQRT1_2

/** From one line of text to the next, at least. */
const LINE = 13

/** Room that names have at least where there is little. */
const NARROWEST_NAME = 64

/** About how wide all cells together are where no width is asked for. */
const USUAL_WIDTH = 480

/** From one cell to the next, at least and at most. */
const SMALLEST_STEP = 4
const LARGEST_STEP = 64

/** More classes have no numbers: too many to be read. */
const MOST_NUMBERED = 30
const SMALLEST_NUMBER = 8

/** @throws OptionError where the width has no room for so many cells */
export function layOut(owner: string, { names, texts, down, width }: HeatMapContent): HeatMapLayout {
  const count = names.length
  const number = count > MOST_NUMBERED ? 0 : widest(texts)
  const usualStep = Math.max(number + 2 * PADDING, Math.min(LARGEST_STEP, Math.round(USUAL_WIDTH / count)))
  // All that there is for cells and names.
  const room = width === undefined ? Number.POSITIVE_INFINITY : width - 2 * MARGIN - GAP
  const namesRoom = Math.max(NARROWEST_NAME, (room - count * usualStep) / (1 + TILT))
  const nameWidth = Math.min(namesRoom, Math.max(widest(names), textWidth(down, TEXT_SIZE)))
  const longest = Math.min(nameWidth, widest(names))
  const stepBeside = (taken: number, cells: number) =>
    width === undefined ? usualStep : Math.min(LARGEST_STEP, (room - taken) / cells)

  const flatStep = stepBeside(nameWidth, count)
  const isTilted = longest > flatStep - PADDING
  // A tilted name begins above the middle of its column.
  const step = isTilted ? Math.min(flatStep, stepBeside(nameWidth + TILT * longest, count - 0.5)) : flatStep
  if (step < SMALLEST_STEP) {
    const least = 2 * MARGIN + GAP + nameWidth + TILT * longest + SMALLEST_STEP * count
    throw new OptionError(owner, 'width', width, `at least ${Math.ceil(least)} for ${count} classes`)
  }

  const cell = step > 10 ? step - 1 : step
  const numberSize = Math.min(TEXT_SIZE, cell - 2, ((cell - PADDING) / number) * TEXT_SIZE)
  const left = MARGIN + nameWidth + GAP
  return {
    left,
    top: TITLE_HEIGHT + 2 * TEXT_SIZE + GAP + (isTilted ? TILT * longest + GAP : TEXT_SIZE),
    right: left + count * step + (isTilted ? Math.max(0, TILT * longest - step / 2) : 0),
    step,
    cell,
    nameWidth,
    isTilted,
    everyRow: Math.ceil(LINE / step),
    everyColumn: isTilted ? Math.ceil(LINE / (TILT * step)) : 1,
    numberSize: number === 0 || numberSize < SMALLEST_NUMBER ? 0 : numberSize,
  }
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text, TEXT_SIZE)), 0)
}
