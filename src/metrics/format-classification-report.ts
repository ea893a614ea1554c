import { checkOptions, wholeNumber } from '../options.ts'
import { fixed } from '../text/fixed.ts'
import type { ClassificationReport, Scores } from './classification-report.ts'

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
  const digits = wholeNumber('formatClassificationReport', 'digits', options.digits ?? 2, {
    min: 0,
    max: 100,
  })
  const { classes, accuracy, macroAvg, weightedAvg } = report
  const width = classes.reduce(
    (longest, { name }) => Math.max(longest, [...name].length),
    Math.max('weighted avg'.length, digits),
  )

  // Where no row at all is right, scikit-learn's counts are floats.
  const count = (rows: number) => rows.toFixed(accuracy === 0 ? 1 : 0)
  const line = (name: string, cells: readonly string[]) =>
    `${' '.repeat(width - [...name].length)}${name} ${cells.map(cell => ` ${cell.padStart(9)}`).join('')}\n`
  const scores = (name: string, { precision, recall, f1, support }: Scores) =>
    line(name, [...[precision, recall, f1].map(score => fixed(score, digits)), count(support)])

  return [
    line('', ['precision', 'recall', 'f1-score', 'support']),
    '\n',
    ...classes.map(c => scores(c.name, c)),
    '\n',
    line('accuracy', ['', '', fixed(accuracy, digits), count(macroAvg.support)]),
    scores('macro avg', macroAvg),
    scores('weighted avg', weightedAvg),
  ].join('')
}
