import type { Attributes } from './element.ts'
import { SERIES } from './theme.ts'

/** Dashes by which lines are told apart without their colours. */
const DASHES = [undefined, '7 4', '2 4', '10 4 2 4']

/** Lines that are told apart. */
export const LINES = SERIES * DASHES.length

/** How the line of a series is drawn, counted from 0: no two of the first {@link LINES} are alike. */
export function lineStyle(series: number): Attributes {
  const colour = series % SERIES
  return {
    class: `line-${colour + 1}`,
    'stroke-width': 2,
    'stroke-dasharray': DASHES[(colour + Math.floor(series / SERIES)) % DASHES.length],
    'stroke-linejoin': 'round',
  }
}

/** The fill of the same colour, for points and names. */
export const fillStyle = (series: number): string => `series-${(series % SERIES) + 1}`
