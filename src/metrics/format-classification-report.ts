import { checkOptions, wholeNumber } from '../options.ts'
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

/**
 * `toFixed` that rounds what lies exactly halfway to the even digit, as Python does: 0.125 is 0.12. Halfway, x is an odd
 * multiple of ½·10⁻ᵈ, so that, being binary, it is an odd multiple of 2⁻ᵈ⁻¹ too, and x·10ᵈ is exact.
 */
function fixed(x: number, digits: number): string {
  const halfway = (x * 2 ** (digits + 1)) % 2 === 1
  return (halfway ? (2 * Math.round((x * 10 ** digits) / 2)) / 10 ** digits : x).toFixed(digits)
}
