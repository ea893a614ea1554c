import { OptionError } from '../../errors.ts'
import type { ClassificationReport } from '../../metrics/classification-report.ts'
import { SCORE_DIGITS, type ScoreRow, scoreRows } from '../../metrics/score-rows.ts'
import { fixed } from '../../text/fixed.ts'
import { withCommas } from '../../text/with-commas.ts'
import { table } from '../html/table.ts'

/**
 * A classification report as a table of an HTML page: the numbers that `formatClassificationReport` prints.
 *
 * @returns HTML
 * @throws OptionError
 * @example
 * section('Classes', scoreTable(classificationReport(yTrue, yPred, { classNames })))
 */
export function scoreTable(report: ClassificationReport): string {
  if (!Array.isArray(report?.classes)) {
    throw new OptionError('scoreTable', 'report', report, 'what classificationReport gave')
  }
  const { classes, summary } = scoreRows(report)
  return table(['', 'precision', 'recall', 'F1 score', 'support'], classes.map(cells), {
    right: [1, 2, 3, 4],
    foot: summary.map(cells),
  })
}

function cells({ name, precision, recall, f1, support }: ScoreRow): string[] {
  const scores = [precision, recall, f1].map(score => (score === undefined ? '' : fixed(score, SCORE_DIGITS)))
  return [name, ...scores, withCommas(support)]
}
