import { OptionError } from '../errors.ts'
import type { ClassificationReport } from '../metrics/classification-report.ts'
import { SCORE_DIGITS, type ScoreRow, scoreRows } from '../metrics/score-rows.ts'
import { fixed } from '../text/fixed.ts'
import { withCommas } from '../text/with-commas.ts'
import { element } from './picture/element.ts'
import { middleBaseline } from './picture/middle-baseline.ts'
import {
  checkPictureOptions,
  label,
  MARGIN,
  MAX_NAME,
  MIN_NAME,
  type PictureOptions,
  picture,
  TEXT_SIZE,
} from './picture/picture.ts'
import { SUBTITLE_HEIGHT, subtitle, widthFor } from './picture/subtitle.ts'
import { fitText, textWidth } from './picture/text-width.ts'

const columns = ['precision', 'recall', 'f1'] as const
const headings = { precision: 'precision', recall: 'recall', f1: 'F1 score' }
const SUPPORT = 'support'

/** Between two columns, and between a bar and its number. */
const GAP = 20
const TO_NUMBER = 6
const NUMBER = textWidth('0.00', TEXT_SIZE)

/** How long a bar of 1 is where there is room. Above it stands the column's name, which it is no shorter than. */
const USUAL_BAR = 84
const MIN_COLUMN = textWidth(headings.precision, TEXT_SIZE)

/** From one row to the next, of which the bar takes a part. */
const ROW = 24
const BAR = 10

/**
 * Precision, recall and F1 score of each class as bars, with the numbers that `formatClassificationReport` prints; accuracy
 * and averages below. A bar across its whole track is 1.
 *
 * @returns an SVG document
 * @throws OptionError for bad options, a report without classes, or a width that has no room for all columns
 * @example
 * classScoreBars(classificationReport(yTrue, yPred, { classNames }))
 */
export function classScoreBars(report: ClassificationReport, options: PictureOptions = {}): string {
  const owner = 'classScoreBars'
  const { theme } = checkPictureOptions(owner, options)
  if (!report?.classes?.length) {
    throw new OptionError(owner, 'report', report, 'what classificationReport gives, with one class at least')
  }
  const { classes, summary } = scoreRows(report)
  const rows = [...classes, ...summary]
  const title = options.title ?? 'Scores of each class'
  const description = 'A bar across its whole track is 1'
  const layout = layOut(owner, rows, options.width, widthFor(0, title, description))

  const top = SUBTITLE_HEIGHT + ROW
  const yOf = (i: number) => top + i * ROW + (i < classes.length ? 0 : ROW / 2)
  const line = top + (classes.length + 0.25) * ROW
  return picture(
    { title, description, width: layout.width, height: yOf(rows.length) + MARGIN - 4, theme },
    subtitle(description, layout.width),
    ...headingRow(layout),
    ...rows.map((row, i) => drawRow(row, layout, yOf(i))),
    element('path', { class: 'grid', d: `M${MARGIN},${line}H${layout.width - MARGIN}` }),
  )
}

interface Layout {
  readonly width: number
  readonly nameWidth: number
  /** Of a bar of 1. */
  readonly bar: number
  /** From one column to the next. */
  readonly step: number
}

/** @throws OptionError */
function layOut(owner: string, rows: readonly ScoreRow[], width: number | undefined, least: number): Layout {
  const widest = (texts: readonly string[]) => Math.max(...texts.map(text => textWidth(text, TEXT_SIZE)))
  const names = Math.min(MAX_NAME, widest(rows.map(({ name }) => name)))
  const supports = widest([SUPPORT, ...rows.map(({ support }) => withCommas(support))])
  const beside = 2 * MARGIN + (columns.length + 1) * GAP + supports
  const usual = Math.max(least, beside + names + columns.length * (USUAL_BAR + TO_NUMBER + NUMBER))
  const whole = width ?? Math.ceil(usual)
  const namesRoom = whole - beside - columns.length * MIN_COLUMN
  const nameWidth = Math.min(names, Math.max(MIN_NAME, namesRoom))
  const column = (whole - beside - nameWidth) / columns.length
  if (column < MIN_COLUMN) {
    const enough = beside + nameWidth + columns.length * MIN_COLUMN
    throw new OptionError(owner, 'width', width, `at least ${Math.ceil(enough)}, or none`)
  }
  return { width: whole, nameWidth, bar: column - TO_NUMBER - NUMBER, step: column + GAP }
}

const columnAt = ({ nameWidth, step }: Layout, column: number) => MARGIN + nameWidth + GAP + column * step

function headingRow(layout: Layout): string[] {
  const y = SUBTITLE_HEIGHT + TEXT_SIZE
  const right = { class: 'muted', x: layout.width - MARGIN, y, 'text-anchor': 'end' }
  const names = columns.map((score, i) =>
    label(headings[score], { class: 'muted', x: columnAt(layout, i), y }),
  )
  return [...names, label(SUPPORT, right)]
}

function drawRow(row: ScoreRow, layout: Layout, y: number): string {
  const { width, nameWidth, bar } = layout
  const baseline = middleBaseline(y + ROW / 2)
  const scores = columns.flatMap((score, i) => {
    const value = row[score]
    if (value === undefined) return []
    const box = { x: columnAt(layout, i), y: y + (ROW - BAR) / 2, height: BAR }
    return [
      element('rect', { class: 'track', ...box, width: bar }),
      element('rect', { class: 'series-1', ...box, width: value * bar }),
      label(fixed(value, SCORE_DIGITS), { x: box.x + bar + TO_NUMBER, y: baseline }),
    ]
  })
  const support = { class: 'muted', x: width - MARGIN, y: baseline, 'text-anchor': 'end' }
  return [
    label(fitText(row.name, TEXT_SIZE, nameWidth), { x: MARGIN, y: baseline }),
    ...scores,
    label(withCommas(row.support), support),
  ].join('')
}
