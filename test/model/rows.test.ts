import { DataError, ShapeError, tensor } from 'convnet-ts'
import { expect, test } from 'vitest'
import { gatherWords } from '../../src/model/rows.ts'
import { Sequential } from '../../src/model/sequential.ts'
import { experimentLayers } from '../support/experiments.ts'

function model() {
  const made = new Sequential(experimentLayers(1), { inputShape: [28, 28, 1] })
  made.compile({ loss: 'sparseCategoricalCrossentropy' })
  return made
}
const images = (...shape: number[]) => tensor(new Uint8Array(2 * 784), shape)
const labels = Uint8Array.of(1, 2)

test('images without a channel axis, or as rows of pixels, get an error that says the fix', () => {
  for (const shape of [
    [2, 28, 28],
    [2, 784],
    [2, 1, 28, 28],
  ]) {
    expect(() => model().predict(images(...shape))).toThrow(
      `predict: x has shape (${shape.join(', ')}), expected (rows, 28, 28, 1): reshape it with tensor(flat(x), [2, 28, 28, 1])`,
    )
  }
  expect(() => model().predict(images(2 * 784))).toThrow(/expected \(rows, 28, 28, 1\)/)
  const unbuilt = new Sequential(experimentLayers(1))
  expect(() => unbuilt.predict(images(2, 28, 28))).toThrow(/layer conv2d: .*grey images have 1 channel/)
  expect(() => unbuilt.predict(images(2, 784))).toThrow(ShapeError)
  expect(unbuilt.inputShape).toBeNull()
})

test('x and y of different length are refused, with both lengths', () => {
  expect(() => model().trainOnBatch(images(2, 28, 28, 1), Uint8Array.of(1, 2, 3))).toThrow(
    'x has 2 rows and y has shape (3,), expected one target a row',
  )
  expect(() => model().evaluate(images(2, 28, 28, 1), tensor(new Uint8Array(20), [2, 10]))).toThrow(
    /y has shape \(2, 10\), expected one target a row: one-hot targets go with categoricalCrossentropy/,
  )
})

test('a column of labels is as good as a row', () => {
  const x = images(2, 28, 28, 1)
  expect(model().evaluate(x, tensor(labels, [2, 1]))).toEqual(model().evaluate(x, labels))
})

test('labels outside the output’s range are refused, by their row', () => {
  const x = images(2, 28, 28, 1)
  for (const bad of [10, -1, 0.5, Number.NaN]) {
    expect(() => model().trainOnBatch(x, Float32Array.of(9, bad))).toThrow(
      `y, row 2: the label is ${bad}, expected a class from 0 to 9`,
    )
  }
  expect(() => model().trainOnBatch(x, Int8Array.of(-3, 2))).toThrow(DataError)
})

test('targets that are not finite are refused', () => {
  const made = model()
  made.compile({ loss: 'meanSquaredError' })
  const targets = tensor(new Float32Array(20), [2, 10])
  targets.set(1, 4, Number.POSITIVE_INFINITY)
  expect(() => made.trainOnBatch(images(2, 28, 28, 1), targets)).toThrow('y, row 2: the target is Infinity')
})

test('a loss of classes takes one vector a row: a Flatten was forgotten', () => {
  const forgetful = new Sequential([experimentLayers(1)[0]], { inputShape: [28, 28, 1] })
  forgetful.compile({ loss: 'sparseCategoricalCrossentropy' })
  expect(() => forgetful.trainOnBatch(images(2, 28, 28, 1), labels)).toThrow(
    /takes rows of output of shape \(classes,\), the model gives \(26, 26, 32\): put a Flatten and a Dense/,
  )
})

test('labels for one-hot targets, one row without its axis, and plain arrays are told apart', () => {
  const made = model()
  made.compile({ loss: 'categoricalCrossentropy' })
  expect(() => made.trainOnBatch(images(2, 28, 28, 1), labels)).toThrow(/labels go with sparseCategorical/)
  expect(() => made.predict(tensor(new Uint8Array(784), [28, 28, 1]))).toThrow(
    'tensor(flat(x), [1, 28, 28, 1])',
  )
  expect(() => made.trainOnBatch(images(2, 28, 28, 1), [1, 2] as never)).toThrow('a typed array such as')
})

test('words are gathered row by row, in the order given or as they lie', () => {
  const size = 21
  const data = Int32Array.from({ length: 60 * size }, (_, i) => 7 * i - 3)
  const order = Uint32Array.from({ length: 60 }, (_, i) => (37 * i) % 60)
  const rowOf = (row: number) => data.subarray(row * size, (row + 1) * size)
  for (const count of [1, 15, 16, 17, 37]) {
    const to = new Int32Array(40 * size).fill(-1)
    gatherWords(data, size, order, 11, count, to)
    const expected = Array.from({ length: count }, (_, i) => [...rowOf(order[11 + i])]).flat()
    expect([...to]).toEqual([...expected, ...new Array((40 - count) * size).fill(-1)])
    gatherWords(data, size, null, 11, count, to)
    expect([...to.subarray(0, count * size)]).toEqual([...data.subarray(11 * size, (11 + count) * size)])
  }
})
