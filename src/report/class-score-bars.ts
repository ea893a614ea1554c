import type { ClassificationReport, Scores } from '../metrics/classification-report.ts'
import { fixed } from '../text/fixed.ts'
import { element } from './picture/element.ts'
import {
  checkPictureOptions,
  label,
  MARGIN,
  type PictureOptions,
  picture,
  TEXT_SIZE,
} from './picture/picture.ts'
import { SUBTITLE_HEIGHT, subtitle } from './picture/subtitle.ts'
import { BOLD, fitText, textWidth } from './picture/text-width.ts'

const LONGEST_NAME = 150
const USUAL_WIDTH = 640

/** Of the bars of a class, and from one class to the next. */
const BAR = 7
const ROW = 34

/** The least that a column of numbers takes. */
const NUMBER = 36

/** Above the first row, where the columns' names stand; between columns; and of the line above the averages. */
const HEAD = 24
const GAP = 14

/** The scores, in the order of their bars. */
const scores = [
  { name: 'precision', of: ({ precision }: Scores) => precision },
  { name: 'recall', of: ({ recall }: Scores) => recall },
  { name: 'F1', of: ({ f1 }: Scores) => f1 },
] as const

/**
 * Precision, recall and F1 score of each class as bars from 0 to 1, with the numbers that `formatClassificationReport`
 * prints; averages over the classes below.
 *
 * @returns an SVG document
 * @throws OptionError for bad options
 * @example
 * classScoreBars(classificationReport(yTrue, yPred, { classNames }))
 */
export function classScoreBars(report: ClassificationReport, options: PictureOptions = {}): string {
  const { theme } = checkPictureOptions('classScoreBars', options)
  const { title = 'Scores of each class', width = USUAL_WIDTH } = options
  const { classes, accuracy, macroAvg, weightedAvg } = report
  const rows = [
    ...classes,
    { ...macroAvg, name: 'macro average' },
    { ...weightedAvg, name: 'weighted average' },
  ]
  const supports = Math.max(...rows.map(({ support }) => textWidth(String(support), TEXT_SIZE)))
  const columns = columnsOf(width, supports)
  const longest = Math.max(...rows.map(({ name }) => textWidth(name, TEXT_SIZE)))
  const nameWidth = Math.min(LONGEST_NAME, longest, (columns.left - 2 * MARGIN) / 2)
  const bars = { x: MARGIN + nameWidth + GAP, width: columns.left - GAP - MARGIN - nameWidth - GAP }

  const top = SUBTITLE_HEIGHT + HEAD
  const yOf = (i: number) => top + i * ROW + (i >= classes.length ? GAP : 0)
  const bottom = yOf(rows.length) - ROW + 3 * (BAR + 1)
  const heads = [...scores.map(({ name }) => name), 'rows'].map((name, i) =>
    label(name, {
      class: i < scores.length ? `series-${i + 1}` : 'muted',
      'font-weight': i < scores.length ? 600 : undefined,
      x: columns.ends[i],
      y: SUBTITLE_HEIGHT + TEXT_SIZE,
      'text-anchor': 'end',
    }),
  )
  const drawn = rows.map((row, i) => {
    const y = yOf(i)
    const middle = y + 1.5 * (BAR + 1) + 4
    const name = label(fitText(row.name, TEXT_SIZE, nameWidth), { x: MARGIN, y: middle })
    const each = scores.map(({ of }, k) => {
      const box = { x: bars.x, y: y + k * (BAR + 1), width: bars.width * of(row), height: BAR }
      const number = { x: columns.ends[k], y: middle, 'text-anchor': 'end' }
      return element('rect', { class: `series-${k + 1}`, ...box }) + label(fixed(of(row), 2), number)
    })
    const support = { class: 'muted', x: columns.ends[scores.length], y: middle, 'text-anchor': 'end' }
    return name + each.join('') + label(String(row.support), support)
  })
  const rule = yOf(classes.length) - (GAP + ROW - 3 * BAR) / 2
  const line = element('path', { class: 'grid', d: `M${MARGIN},${rule}H${width - MARGIN}` })
  const ends = [0, 0.5, 1].map(share => {
    const x = bars.x + share * bars.width
    return element('path', { class: 'grid', d: `M${x},${top - 6}V${bottom}` })
  })
  const marks = [0, 0.5, 1].map(share =>
    label(String(share), {
      class: 'muted',
      x: bars.x + share * bars.width,
      y: bottom + TEXT_SIZE + 6,
      'text-anchor': 'middle',
    }),
  )
  const description = `Accuracy ${fixed(accuracy, 2)} over ${macroAvg.support} rows`
  return picture(
    { title, description, width, height: bottom + TEXT_SIZE + 10 + MARGIN, theme },
    subtitle(description, width),
    ...ends,
    line,
    ...marks,
    ...heads,
    ...drawn,
  )
}

/** Where the columns of numbers begin, and where each ends. */
function columnsOf(width: number, supports: number): { left: number; ends: number[] } {
  const widths = [
    ...scores.map(({ name }) => Math.max(NUMBER, BOLD * textWidth(name, TEXT_SIZE))),
    Math.max(supports, textWidth('rows', TEXT_SIZE)),
  ]
  const ends: number[] = []
  let end = width - MARGIN
  for (const each of widths.reverse()) {
    ends.unshift(end)
    end -= each + GAP
  }
  return { left: end + GAP, ends }
}
