import { expect, test } from 'vitest'
import { epochTable } from '../../../src/report/tables/epoch-table.ts'
import { historyOf } from '../../support/histories.ts'
import { cellsOf } from '../../support/html.ts'

test('has a row an epoch, without numbers that only some epochs have', () => {
  const history = historyOf({
    loss: [0.5, 0.25],
    now: [1],
    valAccuracy: [0.75, Number.NaN],
    learningRate: [1e-3, 1e-4],
  })
  expect(cellsOf(epochTable(history))).toEqual([
    ['epoch', 'loss', 'validation accuracy', 'learning rate', 'seconds'],
    ['1', '0.5000', '0.7500', '1.0000e−3', '0.50'],
    ['2', '0.2500', 'NaN', '1.0000e−4', '0.50'],
  ])
})

test('counts epochs as the history does', () => {
  const history = historyOf({ loss: [0.5, 0.25] })
  history.epoch = [4, 5]
  expect(cellsOf(epochTable(history)).map(([first]) => first)).toEqual(['epoch', '5', '6'])
})
