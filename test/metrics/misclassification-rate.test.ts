import { expect, test } from 'vitest'
import { DataError, ShapeError } from '../../src/errors.ts'
import { misclassificationRate } from '../../src/metrics/misclassification-rate.ts'

test('is the share of rows that are wrong', () => {
  expect(misclassificationRate([0, 1, 1, 2], Int32Array.of(0, 1, 2, 2))).toBe(0.25)
  expect(misclassificationRate([3, 1], [3, 1])).toBe(0)
  expect(misclassificationRate([3, 1], [1, 3])).toBe(1)
})

test('checks the classes', () => {
  expect(() => misclassificationRate([0], [0, 1])).toThrow(ShapeError)
  expect(() => misclassificationRate([], [])).toThrow(ShapeError)
  expect(() => misclassificationRate([0], [1.5])).toThrow(DataError)
})
