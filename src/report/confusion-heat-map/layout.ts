import { OptionError } from '../../errors.ts'
import { MARGIN, MAX_NAME, MIN_NAME, TEXT_SIZE, TITLE_HEIGHT } from '../picture/picture.ts'
import { textWidth } from '../picture/text-width.ts'

/** Where the parts of a confusion heat map lie, in pixels. */
export interface ConfusionLayout {
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
interface ConfusionContent {
  /** Of rows and columns alike. */
  readonly names: readonly string[]
  /** The numbers. */
  readonly texts: readonly string[]
  /** Of the whole picture, where it is asked for. */
  readonly width: number | undefined
}

/** What rows and columns are. */
export const DOWN = 'true class'
export const ACROSS = 'predicted class'

/** Between a name and the cells, and around what stands in a cell. */
export const GAP = 8
const PADDING = 5

/** How much of a tilted name's length goes to the side, and how much upwards. */
const TILT = Math.SQRT1_2

/** From one line of text to the next, at least. */
const LINE = 13

/** About how wide all cells together are where no width is asked for. */
const USUAL_WIDTH = 480

/** From one cell to the next. */
const STEP = { least: 4, most: 64 }

/** Numbers in a smaller font, or of more classes, cannot be read. */
const NUMBERS = { size: 8, classes: 30 }

/** @throws OptionError where the width has no room for so many cells */
export function layOut(owner: string, { names, texts, width }: ConfusionContent): ConfusionLayout {
  const count = names.length
  const number = count > NUMBERS.classes ? 0 : widest(texts)
  const usualStep = Math.max(number + 2 * PADDING, Math.min(STEP.most, Math.round(USUAL_WIDTH / count)))
  // All that there is for cells and names.
  const room = width === undefined ? Number.POSITIVE_INFINITY : width - 2 * MARGIN - GAP
  const namesRoom = Math.max(MIN_NAME, (room - count * usualStep) / (1 + TILT))
  const nameWidth = Math.min(MAX_NAME, namesRoom, Math.max(widest(names), textWidth(DOWN, TEXT_SIZE)))
  const longest = Math.min(nameWidth, widest(names))
  const stepBeside = (taken: number, cells: number) =>
    width === undefined ? usualStep : Math.min(STEP.most, (room - taken) / cells)

  const flatStep = stepBeside(nameWidth, count)
  const isTilted = longest > flatStep - PADDING
  // A tilted name begins above the middle of its column.
  const step = isTilted ? Math.min(flatStep, stepBeside(nameWidth + TILT * longest, count - 0.5)) : flatStep
  if (step < STEP.least) {
    const least = 2 * MARGIN + GAP + nameWidth + TILT * longest + STEP.least * count
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
    numberSize: number === 0 || numberSize < NUMBERS.size ? 0 : numberSize,
  }
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text, TEXT_SIZE)), 0)
}
