import { MARGIN, TEXT_SIZE, TITLE_HEIGHT } from '../picture/picture.ts'
import { textWidth } from '../picture/text-width.ts'

/** Where the parts of a heat map lie, in pixels. */
export interface HeatMapLayout {
  readonly left: number
  readonly top: number
  /** From one cell to the next. */
  readonly step: number
  /** Of a cell, which is a little smaller. */
  readonly cell: number
  /** Room for names beside the rows, and above the columns where they stand upright. */
  readonly nameWidth: number
  /** Whether names have room at all. */
  readonly isNamed: boolean
  /** Whether the names of columns are too wide for them, and stand upright. */
  readonly isUpright: boolean
  /** Of the font of the numbers; 0 where they have no room. */
  readonly numberSize: number
}

/** Between a name and the cells. */
export const GAP = 8

/** The longest that a name may be, and what a cell takes where there is room, and at least. */
const LONGEST_NAME = 150
const USUAL_STEP = 44
const SMALLEST_STEP = 4

/** About how wide all cells together may be where no width is asked for. */
const USUAL_WIDTH = 620

/** Smaller numbers cannot be read. */
const SMALLEST_NUMBER = 8

/** @param texts of the numbers */
export function layOut(
  names: readonly string[],
  texts: readonly string[],
  width: number | undefined,
): HeatMapLayout {
  const widest = (all: readonly string[]) =>
    all.reduce((most, text) => Math.max(most, textWidth(text, TEXT_SIZE)), 0)
  const ofNames = Math.min(LONGEST_NAME, widest(names))
  const beside = MARGIN + TEXT_SIZE + GAP
  const room = width === undefined ? USUAL_WIDTH : width - beside - ofNames - GAP - MARGIN
  const fitting = room / names.length
  const step = Math.max(
    SMALLEST_STEP,
    width === undefined ? Math.floor(Math.min(USUAL_STEP, fitting)) : fitting,
  )
  const isNamed = step > TEXT_SIZE
  const nameWidth = isNamed ? ofNames : 0
  const isUpright = ofNames > step - 4
  const cell = step > 10 ? step - 1 : step
  const numberSize = Math.min(TEXT_SIZE, ((cell - 6) / widest(texts)) * TEXT_SIZE)
  return {
    left: beside + nameWidth + GAP,
    top: TITLE_HEIGHT + TEXT_SIZE + GAP + (isUpright ? nameWidth : TEXT_SIZE) + GAP,
    step,
    cell,
    nameWidth,
    isNamed,
    isUpright,
    numberSize: numberSize < SMALLEST_NUMBER ? 0 : numberSize,
  }
}
