import type { Box } from './drawing.ts'
import { element, short } from './element.ts'
import { middleBaseline } from './middle-baseline.ts'
import { moveApart } from './move-apart.ts'
import { label, TEXT_SIZE } from './picture.ts'
import { fitText, textWidth } from './text-width.ts'

/** What stands beside the end of a line. */
export interface EndName {
  readonly name: string
  /** What else there is to say; stands below the name where it has room. */
  readonly detail: string
}

/** Where a line ends, and what it is called. */
interface NamedEnd extends EndName {
  /** The class of its fill. */
  readonly fill: string
  readonly x: number
  readonly y: number
}

/** From one name to the next. */
export const NAME_DISTANCE = 36

/** From a name to its detail. */
const LINE = 15

/** Between a line's end or a name and the thin line between them. */
const APART = 6

/** How wide names and details are at most. */
export function widthOfNames(names: readonly EndName[]): number {
  return Math.max(0, ...names.flatMap(({ name, detail }) => [name, detail]).map(widthOf))
}

/** Names beside the ends of lines, moved apart where they would lie upon each other, with thin lines that lead to them. */
export function endNames(ends: readonly NamedEnd[], at: Box): string {
  const heights = ends.map(({ y }) => y)
  const places = moveApart(heights, NAME_DISTANCE, at.y, at.y + at.height)
  const drawn = ends.map(({ name, detail, fill, x, y }, i) => {
    const middle = places[i]
    const hasDetail = detail !== '' && widthOf(detail) <= at.width
    const up = hasDetail ? LINE / 2 : 0
    const from = `${short(x + APART)},${short(y)}`
    return [
      element('path', { class: 'grid', d: `M${from}L${short(at.x - APART)},${short(middle)}` }),
      label(fitText(name, TEXT_SIZE, at.width), { class: fill, x: at.x, y: middleBaseline(middle - up) }),
      hasDetail ? label(detail, { class: 'muted', x: at.x, y: middleBaseline(middle + up) }) : '',
    ].join('')
  })
  return drawn.join('')
}

const widthOf = (text: string): number => textWidth(text, TEXT_SIZE)
