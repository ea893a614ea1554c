import { describe, expect, test } from 'vitest'
import {
  ConvnetError,
  DataError,
  FormatLimitError,
  MemoryError,
  ModelFileError,
  NonFiniteError,
  NonFiniteWeightError,
  OptionError,
  ShapeError,
  StateError,
  show,
  UnsupportedLayerError,
  WorkerError,
} from '../src/errors.ts'

describe('show', () => {
  class Optimiser {}
  test.each([
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    [-0, '0'],
    [12n, '12'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    ['say "x"', '"say \\"x\\""'],
    ['a'.repeat(60), `"${'a'.repeat(60)}"`],
    ['a'.repeat(61), `"${'a'.repeat(57)}..."`],
    [Math.max, 'the function max'],
    [
      (
        () => () =>
          0
      )(),
      'the function (anonymous)',
    ],
    [new Float32Array(3), 'a Float32Array of 12 bytes'],
    [[], '[]'],
    [['a', [1, 2]], '["a", [1, 2]]'],
    [[1, 2, 3, 4, 5, 6], '[1, 2, 3, 4, 5, 6]'],
    [[1, 2, 3, 4, 5, 6, 7, 8], '[1, 2, 3, 4, 5, 6, … 8 in all]'],
    [{ rate: 1 }, 'an object (Object)'],
    [new Optimiser(), 'an object (Optimiser)'],
    [Object.create(null), 'an object (no class)'],
  ])('%#: %s', (value, expected) => {
    expect(show(value)).toBe(expected)
  })
})

describe('messages say where, what was found and what was expected, and the fields repeat it', () => {
  test('OptionError', () => {
    const error = new OptionError('Dropout', 'rate', '0.5', 'a number')
    expect(error).toMatchObject({
      name: 'OptionError',
      message: 'Dropout: rate is "0.5", expected a number',
      owner: 'Dropout',
      option: 'rate',
    })
  })

  test('ShapeError', () => {
    const message = 'layer dense: expected one axis'
    const error = new ShapeError('layer dense', 'expected one axis')
    expect(error).toMatchObject({
      name: 'ShapeError',
      message,
      owner: 'layer dense',
      detail: 'expected one axis',
    })
  })

  test('DataError names what is known of the place', () => {
    const place = { file: 'a.csv', row: 2, column: 'label' }
    const cause = new Error('deeper')
    const error = new DataError(place, 'is blank', { cause })
    expect(error).toMatchObject({
      name: 'DataError',
      message: 'a.csv, row 2, column label: is blank',
      place,
      cause,
    })
    expect(new DataError({ file: 'a.csv' }, 'is empty').message).toBe('a.csv: is empty')
    expect(new DataError({ file: 'a', row: 0, byte: 0 }, 'is odd').message).toBe('a, row 0, byte 0: is odd')
  })

  test('NonFiniteError', () => {
    const error = new NonFiniteError('conv2d', 2, 7, 'the loss is not finite')
    expect(error).toMatchObject({
      name: 'NonFiniteError',
      message: 'the loss is not finite',
      layer: 'conv2d',
      epoch: 2,
      step: 7,
    })
  })

  test('NonFiniteWeightError', () => {
    const kernel = { weight: 'conv2d/kernel', count: 1, index: 7, value: Number.POSITIVE_INFINITY }
    const one = new NonFiniteWeightError('saveModel', [kernel])
    expect(one).toMatchObject({ name: 'NonFiniteWeightError', weights: [kernel] })
    expect(one.message).toBe(
      'saveModel: conv2d/kernel has Infinity at element 7, expected finite numbers: the model is ruined; ' +
        'allowNonFinite: true takes it as it is',
    )
    const bias = { weight: 'conv2d/bias', count: 32, index: 0, value: Number.NaN }
    expect(new NonFiniteWeightError('saveModel', [kernel, bias]).message).toBe(
      'saveModel:\n- conv2d/kernel has Infinity at element 7\n' +
        '- conv2d/bias has NaN at element 0, the first of 32 such numbers\n' +
        'expected finite numbers: the model is ruined; allowNonFinite: true takes it as it is',
    )
    const many = new NonFiniteWeightError('saveModel', Array(25).fill(bias))
    expect(many.weights).toHaveLength(25)
    expect(many.message.split('\n').slice(20, 23)).toEqual([
      '- conv2d/bias has NaN at element 0, the first of 32 such numbers',
      '- and 5 weights more',
      'expected finite numbers: the model is ruined; allowNonFinite: true takes it as it is',
    ])
  })

  test('ModelFileError lists all that is wrong', () => {
    const cause = new Error('deeper')
    const one = new ModelFileError('a.safetensors', ['is empty'], { cause })
    expect(one).toMatchObject({
      name: 'ModelFileError',
      message: 'a.safetensors: is empty',
      file: 'a.safetensors',
      problems: ['is empty'],
      cause,
    })
    const two = new ModelFileError('a', ['no seed', 'no name'])
    expect(two).toMatchObject({ message: 'a:\n- no seed\n- no name', problems: ['no seed', 'no name'] })
  })

  test('UnsupportedLayerError', () => {
    expect(new UnsupportedLayerError('toOnnx', 'prelu', 'is of a class of your own')).toMatchObject({
      name: 'UnsupportedLayerError',
      message: 'toOnnx: layer prelu: is of a class of your own',
      layer: 'prelu',
    })
  })

  test('FormatLimitError', () => {
    expect(new FormatLimitError('toOnnx', 3e9, 2e9)).toMatchObject({
      name: 'FormatLimitError',
      message: 'toOnnx: the weights are 3000.0 MB, expected at most 2000.0 MB: such a file cannot hold more',
      bytes: 3e9,
      limit: 2e9,
    })
  })

  test('StateError', () => {
    expect(new StateError('not now')).toMatchObject({ name: 'StateError', message: 'not now' })
  })

  test('WorkerError', () => {
    const cause = new Error('deeper')
    expect(new WorkerError(2, 'relu', 'it died', { cause })).toMatchObject({
      name: 'WorkerError',
      message: 'thread 2, task relu: it died',
      thread: 2,
      task: 'relu',
      cause,
    })
    expect(new WorkerError(1, null, 'it died')).toMatchObject({ message: 'thread 1: it died', task: null })
  })

  test('MemoryError', () => {
    const cause = new RangeError('no more')
    expect(new MemoryError(2e9, 3_000_040_000, { cause })).toMatchObject({
      name: 'MemoryError',
      message: expect.stringMatching(
        /^2000\.0 MB of memory cannot be had besides the 3000\.0 MB .* a smaller batchSize/,
      ),
      bytes: 2e9,
      bytesBefore: 3_000_040_000,
      cause,
    })
  })

  test('all are ConvnetErrors', () => {
    for (const error of [
      new OptionError('a', 'b', 1, 'c'),
      new ShapeError('a', 'b'),
      new DataError({ file: 'a' }, 'b'),
      new NonFiniteError('a', 1, 1, 'b'),
      new NonFiniteWeightError('a', [{ weight: 'b', count: 1, index: 1, value: Number.NaN }]),
      new ModelFileError('a', ['b']),
      new UnsupportedLayerError('a', 'b', 'c'),
      new FormatLimitError('a', 2, 1),
      new StateError('a'),
      new WorkerError(1, 'a', 'b'),
      new MemoryError(1, 2),
    ]) {
      expect(error).toBeInstanceOf(ConvnetError)
      expect(error).toBeInstanceOf(Error)
    }
  })
})
