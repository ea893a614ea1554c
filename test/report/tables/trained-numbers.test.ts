import { expect, test } from 'vitest'
import { trainedNumbers } from '../../../src/report/tables/trained-numbers.ts'

test('the numbers of training are those that are not of validation, nor the learning rate', () => {
  const two = [1, 2]
  const history = { loss: two, value: two, valLoss: two, learningRate: two, accuracy: two }
  expect(trainedNumbers(history)).toEqual(['loss', 'value', 'accuracy'])
})
