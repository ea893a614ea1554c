import { OptionError, ShapeError } from '../errors.ts'
import { checkOptions, flag, wholeNumber } from '../options.ts'
import { permutation, random } from '../tensor/random.ts'
import { sizeOf } from '../tensor/shape.ts'
import {
  flat,
  isNumericArray,
  isTensor,
  type NumericArray,
  type Rows,
  type Tensor,
  tensor,
} from '../tensor/tensor.ts'

/** Options of {@link trainTestSplit}. */
export interface SplitOptions {
  /**
   * How much goes to the test part: a fraction of all rows, above 0 and below 1 and rounded up, or from 1 on a number of
   * rows. Default: what `trainSize` leaves, or 0.25.
   */
  readonly testSize?: number
  /** How much goes to the training part, fractions rounded down. Default: what the test part leaves. */
  readonly trainSize?: number
  /** The same seed gives the same split on every machine. Default 0. */
  readonly seed?: number
  /** Whether rows are drawn at random; else the first ones train and those after them test. Default true. */
  readonly shuffle?: boolean
}

/** The two parts of a data set, rows and targets each. */
export interface Split<X extends Rows, Y extends Rows> {
  readonly xTrain: X
  readonly xTest: X
  readonly yTrain: Y
  readonly yTest: Y
}

/**
 * Divides rows into a training part and a test part, which share none. Rows are copied; `x` and `y` stay paired and keep
 * their types.
 *
 * Source: rows are counted as in scikit-learn's `train_test_split`; which rows are drawn differs from it.
 *
 * @param x n rows of any shape
 * @param y n rows of any shape, most often the labels
 * @throws ShapeError where x and y have different numbers of rows, or a part would have none
 * @throws OptionError where an option has a value that it may not have
 * @example
 * const { xTrain, xTest, yTrain, yTest } = trainTestSplit(images, labels, { testSize: 0.2, seed: 12345 })
 * xTrain.shape // [48000, 28, 28, 1] where images had 60000 rows
 */
export function trainTestSplit<X extends Rows, Y extends Rows>(
  x: X,
  y: Y,
  options: SplitOptions = {},
): Split<X, Y> {
  checkOptions('trainTestSplit', options, ['testSize', 'trainSize', 'seed', 'shuffle'])
  const seed = wholeNumber('trainTestSplit', 'seed', options.seed ?? 0, { min: 0 })
  const shuffle = flag('trainTestSplit', 'shuffle', options.shuffle ?? true)
  const rows = countRows('x', x)
  const others = countRows('y', y)
  if (rows !== others) throw new ShapeError('trainTestSplit', `x has ${rows} rows, y has ${others}`)
  const { train, test } = countParts(rows, options)

  const order = shuffle ? permutation(rows, random(seed, 'split')) : null
  const testFirst = order?.subarray(0, test) ?? range(train, train + test)
  const trainNext = order?.subarray(test, test + train) ?? range(0, train)
  return {
    xTrain: takeRows(x, trainNext),
    xTest: takeRows(x, testFirst),
    yTrain: takeRows(y, trainNext),
    yTest: takeRows(y, testFirst),
  }
}

function countRows(name: string, data: Rows): number {
  if (isNumericArray(data)) return data.length
  if (isTensor(data) && data.dimension > 0) return data.shape[0]
  throw new OptionError('trainTestSplit', name, data, 'an ndarray with rows, or a typed array')
}

function countParts(rows: number, { testSize, trainSize }: SplitOptions): { train: number; test: number } {
  const part = (option: string, size: number, round: (x: number) => number) => {
    const count = size < 1 ? round(size * rows) : size
    if (size > 0 && Number.isInteger(count)) return count
    throw new OptionError(
      'trainTestSplit',
      option,
      size,
      'a fraction between 0 and 1, or a whole number of rows',
    )
  }
  const givenTrain = trainSize === undefined ? undefined : part('trainSize', trainSize, Math.floor)
  const test =
    testSize === undefined && givenTrain !== undefined
      ? Math.max(0, rows - givenTrain)
      : part('testSize', testSize ?? 0.25, Math.ceil)
  const train = givenTrain ?? Math.max(0, rows - test)
  if (train < 1 || test < 1 || train + test > rows) {
    throw new ShapeError(
      'trainTestSplit',
      `${rows} rows cannot be split into ${train} for training and ${test} for testing`,
    )
  }
  return { train, test }
}

function range(start: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - start }, (_, i) => start + i)
}

function takeRows<R extends Rows>(data: R, order: Uint32Array): R {
  if (isNumericArray(data)) return gather(tensor(data, [data.length]), order) as R
  const shape = [order.length, ...data.shape.slice(1)]
  return tensor(gather(data, order), shape) as R
}

/** Copies rows one after the other into a new array. */
function gather(data: Tensor<NumericArray>, order: Uint32Array): NumericArray {
  const size = sizeOf(data.shape.slice(1))
  const copy = new (data.data.constructor as new (length: number) => NumericArray)(order.length * size)
  order.forEach((row, i) => {
    copy.set(flat(data.pick(row)), i * size)
  })
  return copy
}
