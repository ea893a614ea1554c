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
