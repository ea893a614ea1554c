import { describe, expect, test } from 'vitest'
import { ShapeError } from '../../src/errors.ts'
import { argmax, argmaxRows } from '../../src/metrics/argmax.ts'
import { tensor } from '../../src/tensor/tensor.ts'

describe('argmax', () => {
  test.each([
    [[3, 1, 2], 0],
    [[1, 3, 3], 1],
    [[-5, -2, -9], 1],
    [[-0, 0], 0],
    [[Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], 0],
    [[1, Number.NaN, 3, Number.NaN], 1],
  ])('of %j is %i', (x, expected) => {
    expect(argmax(x, 0, x.length)).toBe(expected)
    expect(argmax([9, ...x, 9], 1, x.length)).toBe(expected)
  })
})

describe('argmaxRows', () => {
  const outputs = tensor(Float32Array.of(0.1, 0.9, 0.3, 0.8, 0.2, 0.9), [2, 3])

  test('gives the class of each row', () => {
    expect(argmaxRows(outputs)).toEqual(Int32Array.of(1, 2))
  })

  test('takes views', () => {
    expect(argmaxRows(outputs.transpose(1, 0))).toEqual(Int32Array.of(1, 0, 1))
    expect(argmaxRows(outputs.hi(2, 1))).toEqual(Int32Array.of(0, 0))
  })

  test('of no rows is empty', () => {
    expect(argmaxRows(tensor(new Float32Array(0), [0, 3]))).toEqual(new Int32Array(0))
  })

  test('refuses other shapes', () => {
    expect(() => argmaxRows(tensor(new Float32Array(4), [4]))).toThrow(ShapeError)
    expect(() => argmaxRows(tensor(new Float32Array(4), [2, 1, 2]))).toThrow(
      'argmaxRows: outputs are (2, 1, 2), expected (rows, classes)',
    )
    expect(() => argmaxRows(tensor(new Float32Array(0), [2, 0]))).toThrow(ShapeError)
  })
})
