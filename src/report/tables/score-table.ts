import { OptionError } from '../../errors.ts'
import type { ClassificationReport, Scores } from '../../metrics/classification-report.ts'
import { fixed } from '../../text/fixed.ts'
import { withCommas } from '../../text/with-commas.ts'
import { table } from '../html/table.ts'

/** As many digits as `formatClassificationReport` prints by default. */
const DIGITS = 2

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
  const { classes, accuracy, macroAvg, weightedAvg } = report
  const row = (name: string, { precision, recall, f1, support }: Scores) => [
    name,
    ...[precision, recall, f1].map(score => fixed(score, DIGITS)),
    withCommas(support),
  ]
  return table(
    ['', 'precision', 'recall', 'F1 score', 'support'],
    classes.map(scores => row(scores.name, scores)),
    {
      right: [1, 2, 3, 4],
      foot: [
        ['accuracy', '', '', fixed(accuracy, DIGITS), withCommas(macroAvg.support)],
        row('macro average', macroAvg),
        row('weighted average', weightedAvg),
      ],
    },
  )
}
