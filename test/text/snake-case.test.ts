import { expect, test } from 'vitest'
import { snakeCase } from '../../src/text/snake-case.ts'

test('spells names as Keras does', () => {
  expect(['loss', 'valLoss', 'learningRate', 'topK', 'f1'].map(snakeCase)).toEqual([
    'loss',
    'val_loss',
    'learning_rate',
    'top_k',
    'f1',
  ])
})
