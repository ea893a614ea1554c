import { expect, test } from 'vitest'
import { bestIndex } from '../../../src/report/tables/best-index.ts'

test.each([
  ['loss', [3, 1, 2], 1],
  ['accuracy', [0.1, 0.3, 0.2], 1],
  ['valLoss', [2, 1, 1], 1],
  ['valAccuracy', [0.9, 0.9], 0],
  ['loss', [Number.NaN, 5, Number.NaN, 4], 3],
  ['loss', [Number.NaN], null],
  ['loss', [], null],
  ['f1', [1, 2], null],
] as const)('%s in %j is best at %j', (name, values, index) => {
  expect(bestIndex(name, values)).toBe(index)
})
