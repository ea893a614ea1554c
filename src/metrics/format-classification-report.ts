import { checkOptions, wholeNumber } from '../options.ts'
import { fixed } from '../text/fixed.ts'
import type { ClassificationReport } from './classification-report.ts'
import { SCORE_DIGITS, type ScoreRow, scoreRows } from './score-rows.ts'

/** Options of {@link formatClassificationReport}. */
export interface FormatClassificationReportOptions {
  /** Digits after the decimal point, 0 to 100. Default 2. */
  readonly digits?: number
}

/**
 * A classification report as text, character for character as scikit-learn prints it; it ends with a newline.
 *
 * @throws OptionError
 * @example
 * process.stdout.write(formatClassificationReport(report, { digits: 3 }))
 */
export function formatClassificationReport(
  report: ClassificationReport,
  options: FormatClassificationReportOptions = {},
): string {
  checkOptions('formatClassificationReport', options, ['digits'])
  const asked = options.digits ?? SCORE_DIGITS
  const digits = wholeNumber('formatClassificationReport', 'digits', asked, { min: 0, max: 100 })
  const { classes, summary } = scoreRows(report)
  const width = classes.reduce(
    (longest, { name }) => Math.max(longest, [...name].length),
    Math.max('weighted avg'.length, digits),
  )

  // Where no row at all is right, scikit-learn's counts are floats.
  const count = (rows: number) => rows.toFixed(report.accuracy === 0 ? 1 : 0)
  const line = (name: string, cells: readonly string[]) =>
    `${' '.repeat(width - [...name].length)}${name} ${cells.map(cell => ` ${cell.padStart(9)}`).join('')}\n`
  const score = (value: number | undefined) => (value === undefined ? '' : fixed(value, digits))
  const scores = ({ name, precision, recall, f1, support }: ScoreRow) =>
    line(name, [...[precision, recall, f1].map(score), count(support)])

  return [
    line('', ['precision', 'recall', 'f1-score', 'support']),
    '\n',
    ...classes.map(scores),
    '\n',
    ...summary.map(scores),
  ].join('')
}
