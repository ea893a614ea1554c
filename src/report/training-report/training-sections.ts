import type { History } from '../../model/callbacks/history.ts'
import type { Logs } from '../../model/logs.ts'
import { type ReferenceCurves, shownCurves } from '../curves.ts'
import { figure, figures } from '../html/figure.ts'
import { note } from '../html/prose.ts'
import { details, type Section, section } from '../html/section.ts'
import { learningCurves } from '../learning-curves.ts'
import { epochTable } from '../tables/epoch-table.ts'
import { resultTable } from '../tables/result-table.ts'
import { trainedNumbers } from '../tables/trained-numbers.ts'

/** What a training has come to, and how. */
export function trainingSections(
  history: History,
  tested: Readonly<Logs> | undefined,
  reference: ReferenceCurves | undefined,
): Section[] {
  const curves = trainedNumbers(shownCurves('trainingReport', 'history', history).curves).map(metric =>
    figure(learningCurves(history, { metrics: [metric], reference })),
  )
  return [
    section(
      'Result',
      resultTable(history, tested),
      note(
        'The numbers of the training are means over an epoch, whose weights change from batch to batch, with Dropout ' +
          'where there is any. Validation and test are taken with weights that stay, without Dropout.',
      ),
    ),
    section('Learning curves', figures(...curves), details('The numbers of all epochs', epochTable(history))),
  ]
}
