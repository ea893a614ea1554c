import { describe, expect, test } from 'vitest'
import { resultTable } from '../../../src/report/tables/result-table.ts'
import { historyOf } from '../../support/histories.ts'
import { cellsOf } from '../../support/html.ts'

const training = { loss: [0.9, 0.5, 0.4], accuracy: [0.6, 0.7, 0.8] }
const validation = { valLoss: [0.8, 0.55, 0.6], valAccuracy: [0.65, 0.7, 0.7] }

describe('resultTable', () => {
  test('has the last epoch, the best of validation and the test', () => {
    const history = historyOf({ ...training, ...validation })
    expect(cellsOf(resultTable(history, { loss: 0.61, accuracy: 0.69 }))).toEqual([
      ['', 'test', 'training', 'validation', 'best validation', 'in epoch'],
      ['loss', '0.6100', '0.4000', '0.6000', '0.5500', '2'],
      ['accuracy', '0.6900', '0.8000', '0.7000', '0.7000', '2'],
    ])
  })

  test('has no columns for what there is not', () => {
    expect(cellsOf(resultTable(historyOf(training)))).toEqual([
      ['', 'training'],
      ['loss', '0.4000'],
      ['accuracy', '0.8000'],
    ])
    expect(cellsOf(resultTable(historyOf(training), { loss: 0.61 }))[0]).toEqual(['', 'test', 'training'])
  })

  test('has a dash where a number is missing, or its name does not tell what is better', () => {
    const history = historyOf({ ...training, ...validation, f1: [0.1, 0.2, 0.3], valF1: [0.3, 0.2, 0.1] })
    expect(cellsOf(resultTable(history, { loss: 0.61, top5: 0.9 })).slice(1)).toEqual([
      ['loss', '0.6100', '0.4000', '0.6000', '0.5500', '2'],
      ['accuracy', '–', '0.8000', '0.7000', '0.7000', '2'],
      ['f1', '–', '0.3000', '0.1000', '–', '–'],
      ['top5', '0.9000', '–', '–', '–', '–'],
    ])
  })
})
