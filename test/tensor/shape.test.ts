import { expect, test } from 'vitest'
import { formatShape, sameShape, sizeOf } from '../../src/tensor/shape.ts'

test('the size is the product of the axes, 1 for a scalar, 0 with an empty axis', () => {
  expect(sizeOf([28, 28, 3])).toBe(2352)
  expect(sizeOf([7])).toBe(7)
  expect(sizeOf([])).toBe(1)
  expect(sizeOf([5, 0, 2])).toBe(0)
})

test('shapes print as in NumPy', () => {
  expect(formatShape([28, 28, 1])).toBe('(28, 28, 1)')
  expect(formatShape([784])).toBe('(784,)')
  expect(formatShape([])).toBe('()')
  expect(formatShape(['None', 10])).toBe('(None, 10)')
})

test('shapes are the same only axis by axis', () => {
  expect(sameShape([2, 3], [2, 3])).toBe(true)
  expect(sameShape([], [])).toBe(true)
  expect(sameShape([2, 3], [3, 2])).toBe(false)
  expect(sameShape([2, 3], [2, 3, 1])).toBe(false)
  expect(sameShape([2, 3, 1], [2, 3])).toBe(false)
})
