import { expect, test } from 'vitest'
import { scoreRows } from '../../src/metrics/score-rows.ts'

test('has the classes, then what sums them up, accuracy as an F1 score', () => {
  const bag = { name: 'Bag', precision: 0.5, recall: 0.25, f1: 1 / 3, support: 4 }
  const macroAvg = { precision: 0.1, recall: 0.2, f1: 0.3, support: 4 }
  const weightedAvg = { precision: 0.4, recall: 0.5, f1: 0.6, support: 4 }
  expect(scoreRows({ classes: [bag], accuracy: 0.75, macroAvg, weightedAvg })).toEqual({
    classes: [bag],
    summary: [
      { name: 'accuracy', f1: 0.75, support: 4 },
      { name: 'macro avg', ...macroAvg },
      { name: 'weighted avg', ...weightedAvg },
    ],
  })
})
