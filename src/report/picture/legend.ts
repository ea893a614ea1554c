import { type Attributes, element } from './element.ts'
import { label, TEXT_SIZE } from './picture.ts'
import { textWidth } from './text-width.ts'

/** What a legend explains: a name, and a sample of how its line is drawn. */
export interface LegendEntry {
  readonly name: string
  readonly line: Attributes
}

/** How high a line of a legend is. */
export const LEGEND_LINE = 20

const SAMPLE = 24
const BETWEEN = 28

/** A legend, with its entries one behind the other in as many lines as they need. */
export interface Legend {
  readonly svg: string
  readonly height: number
}

/** @param at the top left corner, and how wide it may be */
export function legend(
  entries: readonly LegendEntry[],
  at: { readonly x: number; readonly y: number; readonly width: number },
): Legend {
  let x = at.x
  let y = at.y
  const drawn = entries.map(({ name, line }) => {
    const width = SAMPLE + 6 + textWidth(name, TEXT_SIZE)
    if (x > at.x && x + width > at.x + at.width) {
      x = at.x
      y += LEGEND_LINE
    }
    const middle = y + LEGEND_LINE / 2
    const sample = element('path', { ...line, d: `M${x},${middle}h${SAMPLE}` })
    const text = label(name, { class: 'muted', x: x + SAMPLE + 6, y: middle + 4 })
    x += width + BETWEEN
    return sample + text
  })
  return { svg: drawn.join(''), height: y + LEGEND_LINE - at.y }
}
