import ndarray from 'ndarray'
import { describe, expect, test } from 'vitest'
import { OptionError, ShapeError } from '../../src/errors.ts'
import { flat, isNumericArray, isTensor, tensor } from '../../src/tensor/tensor.ts'

/** The numbers 0 … 23 as [2, 3, 4]: element [i, j, k] is 12i + 4j + k. */
const counted = () =>
  tensor(
    Int32Array.from({ length: 24 }, (_, i) => i),
    [2, 3, 4],
  )

describe('tensor', () => {
  test('is row-major and shares the memory it is given', () => {
    const data = new Float32Array(6)
    const x = tensor(data, [2, 3])
    x.set(1, 0, 5)
    expect([...data]).toEqual([0, 0, 0, 5, 0, 0])
    expect(x.data).toBe(data)
    expect(x.shape).toEqual([2, 3])
    expect(counted().get(1, 2, 3)).toBe(23)
  })

  test('does not share the shape it is given', () => {
    const shape = [2, 3]
    const x = tensor(new Float32Array(6), shape)
    shape[0] = 9
    expect(x.shape).toEqual([2, 3])
  })

  test('refuses a shape with another number of elements', () => {
    const make = () => tensor(new Uint8Array(784), [28, 29])
    expect(make).toThrow(ShapeError)
    expect(make).toThrow('tensor: the shape (28, 29) has 812 elements, the data 784')
  })

  test.each([[[-1, -6]], [[1.5, 4]], [[Number.NaN]], [[2, Number.POSITIVE_INFINITY]]])(
    'refuses the shape %j',
    shape => {
      expect(() => tensor(new Float32Array(6), shape)).toThrow(OptionError)
    },
  )
})

describe('flat', () => {
  test('gives the memory of a row-major tensor itself', () => {
    const x = counted()
    expect(flat(x).buffer).toBe(x.data.buffer)
    expect([...flat(x)]).toEqual([...x.data])
  })

  test('gives a window on the memory for a slice of whole rows', () => {
    const second = counted().pick(1, null, null)
    const values = flat(second)
    expect([...values]).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23])
    expect(values.buffer).toBe(second.data.buffer)
  })

  test('copies a transpose in the order of its own axes', () => {
    const transposed = counted().transpose(2, 0, 1)
    expect(transposed.shape).toEqual([4, 2, 3])
    const expected = [0, 1, 2, 3].flatMap(k => [0, 4, 8, 12, 16, 20].map(start => start + k))
    expect([...flat(transposed)]).toEqual(expected)
  })

  test('copies columns, corners, steps and reversals', () => {
    expect([...flat(counted().pick(null, 1, null))]).toEqual([4, 5, 6, 7, 16, 17, 18, 19])
    expect([...flat(counted().lo(1, 1, 2))]).toEqual([18, 19, 22, 23])
    expect([...flat(counted().hi(1, 2, 3))]).toEqual([0, 1, 2, 4, 5, 6])
    expect([...flat(counted().step(1, 2, 3))]).toEqual([0, 3, 8, 11, 12, 15, 20, 23])
    expect([...flat(counted().hi(1, 1, 4).step(1, 1, -1))]).toEqual([3, 2, 1, 0])
  })

  test('copies into the same kind of array', () => {
    const transposed = tensor(Uint8Array.of(1, 2, 3, 4), [2, 2]).transpose(1, 0)
    const values = flat(transposed)
    expect(values).toBeInstanceOf(Uint8Array)
    values[0] = 9
    expect(transposed.get(0, 0)).toBe(1)
  })

  test('takes axes of length 1 with any stride, scalars and empty tensors', () => {
    const column = ndarray(Float32Array.of(7, 8, 9), [3, 1], [1, 99])
    expect([...flat(column)]).toEqual([7, 8, 9])
    expect([...flat(tensor(Float32Array.of(5), []))]).toEqual([5])
    expect(flat(tensor(new Float32Array(0), [0, 4]))).toHaveLength(0)
    expect(flat(tensor(new Float32Array(0), [4, 0]).transpose(1, 0))).toHaveLength(0)
  })
})

describe('isTensor and isNumericArray', () => {
  test('take ndarrays over typed arrays of numbers', () => {
    expect(isTensor(counted())).toBe(true)
    expect(isTensor(ndarray(new Float64Array(4), [2, 2]))).toBe(true)
    expect(isNumericArray(new Uint8ClampedArray(1))).toBe(true)
  })

  test.each([
    ['null', null],
    ['a plain array', [1, 2]],
    ['a typed array', new Float32Array(2)],
    ['an ndarray over a plain array', ndarray([1, 2, 3])],
    ['an ndarray over 64-bit integers', ndarray(new BigInt64Array(2) as never)],
    ['something with a shape alone', { shape: [1], data: new Float32Array(1) }],
  ])('isTensor refuses %s', (_what, value) => {
    expect(isTensor(value)).toBe(false)
  })

  test('isNumericArray refuses views and arrays of anything else', () => {
    expect(isNumericArray(new DataView(new ArrayBuffer(8)))).toBe(false)
    expect(isNumericArray(new BigUint64Array(1))).toBe(false)
    expect(isNumericArray([1])).toBe(false)
  })
})
