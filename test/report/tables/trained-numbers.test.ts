import { expect, test } from 'vitest'
import { trainedNumbers } from '../../../src/report/tables/trained-numbers.ts'
import { historyOf } from '../../support/histories.ts'

test('the numbers of training are those that are not of validation, nor the learning rate, nor of some epochs', () => {
  const two = [1, 2]
  const history = { loss: two, value: two, valLoss: two, learningRate: two, now: [1], accuracy: two }
  expect(trainedNumbers(historyOf(history))).toEqual(['loss', 'value', 'accuracy'])
})
