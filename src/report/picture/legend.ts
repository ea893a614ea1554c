import type { Drawing, Place } from './drawing.ts'
import { type Attributes, element, short } from './element.ts'
import { middleBaseline } from './middle-baseline.ts'
import { label, TEXT_SIZE } from './picture.ts'
import { fitText, textWidth } from './text-width.ts'

/** What a legend explains: a name, and samples of how its lines are drawn. */
export interface LegendEntry {
  readonly name: string
  readonly lines: readonly Attributes[]
}

/** How high a line of a legend is. */
const LINE = 20

const SAMPLE = 26
const TO_NAME = 8
const BETWEEN = 28

/** Between two samples of one name. */
const APART = 5

/** A legend, with its entries one behind the other in as many lines as they need. */
export function legend(entries: readonly LegendEntry[], at: Place): Drawing {
  let x = at.x
  let y = at.y
  const drawn = entries.map(({ name, lines }) => {
    const text = fitText(name, TEXT_SIZE, at.width - SAMPLE - TO_NAME)
    const width = SAMPLE + TO_NAME + textWidth(text, TEXT_SIZE)
    if (x > at.x && x + width > at.x + at.width) {
      x = at.x
      y += LINE
    }
    const middle = y + LINE / 2
    const samples = lines.map((line, i) => {
      const height = middle + (i - (lines.length - 1) / 2) * APART
      return element('path', { ...line, d: `M${short(x)},${short(height)}h${SAMPLE}` })
    })
    const words = label(text, { class: 'muted', x: x + SAMPLE + TO_NAME, y: middleBaseline(middle) })
    x += width + BETWEEN
    return samples.join('') + words
  })
  return { svg: drawn.join(''), height: y + LINE - at.y }
}
