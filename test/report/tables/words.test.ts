import { expect, test } from 'vitest'
import { words } from '../../../src/report/tables/words.ts'

test.each([
  ['loss', 'loss'],
  ['valLoss', 'validation loss'],
  ['valMeanSquaredError', 'validation mean squared error'],
  ['value', 'value'],
  ['learningRate', 'learning rate'],
])('%s is %s', (name, text) => {
  expect(words(name)).toBe(text)
})
