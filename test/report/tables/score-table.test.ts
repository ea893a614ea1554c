import { expect, test } from 'vitest'
import { classificationReport } from '../../../src/metrics/classification-report.ts'
import { formatClassificationReport } from '../../../src/metrics/format-classification-report.ts'
import { scoreTable } from '../../../src/report/tables/score-table.ts'
import { cellsOf } from '../../support/html.ts'

const yTrue = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2]
const yPred = [0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 2]

test('has the numbers that the report in text has', () => {
  const report = classificationReport(yTrue, yPred, { classNames: ['<b>', 'two', 'three'] })
  const cells = cellsOf(scoreTable(report))
  expect(cells).toEqual([
    ['', 'precision', 'recall', 'F1 score', 'support'],
    ['<b>', '0.50', '0.12', '0.20', '8'],
    ['two', '0.12', '0.50', '0.20', '2'],
    ['three', '1.00', '1.00', '1.00', '1'],
    ['accuracy', '', '', '0.27', '11'],
    ['macro avg', '0.54', '0.54', '0.47', '11'],
    ['weighted avg', '0.48', '0.27', '0.27', '11'],
  ])
  const inText = formatClassificationReport(report).match(/\d+\.\d+|\b\d+\b/g)
  expect(cells.slice(1).flatMap(([, ...numbers]) => numbers.filter(text => text !== ''))).toEqual(inText)
})
