import { confusionMatrix, formatConfusionMatrix } from 'convnet-ts'
import { expect, test } from 'vitest'

const yTrue = [0, 0, 0, 1, 1, 1]
const yPred = [0, 0, 1, 1, 1, 1]

test('counts are whole, shares have two digits, names head rows and columns', () => {
  expect(formatConfusionMatrix(confusionMatrix(yTrue, yPred), ['cat', 'Ankle boot'])).toBe(
    ['            cat  Ankle', 'cat           2      1', 'Ankle boot    0      3'].join('\n'),
  )
  expect(
    formatConfusionMatrix(confusionMatrix(yTrue, yPred, { normalize: 'true' }), ['cat', 'Ankle boot']),
  ).toBe(['             cat  Ankle', 'cat         0.67   0.33', 'Ankle boot  0.00   1.00'].join('\n'))
})

test('counts are told from shares where all numbers are 0 or 1', () => {
  const print = (normalize?: 'true' | 'pred' | 'all') =>
    formatConfusionMatrix(confusionMatrix([0, 1], [0, 1], { normalize }), ['a', 'b'])
  expect(print()).toBe(['   a  b', 'a  1  0', 'b  0  1'].join('\n'))
  for (const normalize of ['true', 'pred'] as const)
    expect(print(normalize)).toBe(['      a     b', 'a  1.00  0.00', 'b  0.00  1.00'].join('\n'))
})

test('counts that are made shares by hand are shares', () => {
  const matrix = confusionMatrix([0, 1], [0, 1])
  for (let i = 0; i < 4; i++) matrix.data[i] /= 2
  expect(formatConfusionMatrix(matrix, ['a', 'b'])).toContain('0.50')
})
