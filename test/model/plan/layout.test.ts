import { describe, expect, test } from 'vitest'
import { Activation } from '../../../src/layers/activation.ts'
import { Conv2D } from '../../../src/layers/conv2d.ts'
import { Dense } from '../../../src/layers/dense.ts'
import { Dropout } from '../../../src/layers/dropout.ts'
import { Flatten } from '../../../src/layers/flatten.ts'
import type { Layer } from '../../../src/layers/layer.ts'
import { MaxPool2D } from '../../../src/layers/max-pool2d.ts'
import { Rescaling } from '../../../src/layers/rescaling.ts'
import { chain } from '../../../src/model/plan/chain.ts'
import { type LayoutOptions, layOut, type PlacedArray } from '../../../src/model/plan/layout.ts'

const conv = new Conv2D({ filters: 4, kernelSize: 3 })
const relu = new Activation({ activation: 'relu' })
const sigmoid = new Activation({ activation: 'sigmoid' })
const linear = new Activation({ activation: 'linear' })
const pool = new MaxPool2D()
const flatten = new Flatten()
const dropout = new Dropout({ rate: 0.5 })
const dense = new Dense({ units: 10 })
const rescaling = new Rescaling({ scale: 2 })

const layoutOf = (layers: Layer[], options: Partial<LayoutOptions> = {}) => {
  const links = chain(
    layers.map((layer, i) => ({ name: `layer ${i}`, layer })),
    [8, 8, 1],
  )
  return layOut(links, { maxRows: 10, bytesPerReal: 4, training: true, ...options })
}

/** For each layer, whether its output lies where its input lies. */
const inPlace = (layers: Layer[], options: Partial<LayoutOptions> = {}) =>
  layoutOf(layers, options).links.map(({ x, y }) => x === y)

describe('in training', () => {
  test.each([
    ['relu after a convolution works in place', [conv, relu], [false, true]],
    ['relu after max-pooling works in place', [conv, pool, relu], [false, false, true]],
    ['dropout after relu does not: relu reads its output again', [conv, relu, dropout], [false, true, false]],
    ['nor behind a view of that output', [conv, relu, flatten, dropout], [false, true, true, false]],
    ['dropout after max-pooling works in place', [conv, pool, dropout], [false, false, true]],
    ['and behind a view', [conv, pool, flatten, dropout, dense], [false, false, true, true, false]],
    ['two activations in a row need two arrays', [conv, relu, sigmoid], [false, true, false]],
    ['a third one again', [conv, relu, sigmoid, relu], [false, true, false, false]],
    ['many that read nothing need one', [conv, dropout, rescaling, linear], [false, true, true, true]],
    [
      'relu may be the last that writes an array',
      [conv, dropout, rescaling, relu],
      [false, true, true, true],
    ],
    [
      'a layer below the first weights may overwrite what no one reads',
      [rescaling, relu, dropout, conv],
      [true, true, true, false],
    ],
    ['a convolution keeps its input', [conv, relu, conv], [false, true, false]],
  ])('%s', (_, layers, expected) => {
    expect(inPlace(layers)).toEqual(expected)
  })

  test('a layer that reads its input again does not overwrite it', () => {
    const square: Layer = {
      type: 'Square',
      config: {},
      outputShape: input => input,
      needs: () => ({ backwardReads: 'input', inPlace: 'overwrite' }),
      bind: () => ({ forward: () => {}, backward: () => {} }),
    }
    expect(inPlace([conv, square])).toEqual([false, false])
    expect(inPlace([square, conv])).toEqual([true, false])
    expect(inPlace([square, conv], { inputGradient: true })).toEqual([false, false])
  })
})

test('in inference all elementwise layers work in place', () => {
  const layers = [rescaling, conv, relu, dropout, sigmoid, pool, flatten, dense]
  const expected = [true, false, true, true, true, false, true, false]
  expect(inPlace(layers, { training: false })).toEqual(expected)
})

describe('gradients', () => {
  /** For each layer, whether it has dy, and dx. */
  const flow = (layers: Layer[], options: Partial<LayoutOptions> = {}) =>
    layoutOf(layers, options).links.map(({ dy, dx }) => `${dy ? 'dy' : ''} ${dx ? 'dx' : ''}`.trim())

  test.each([
    ['end at the first layer with weights', [conv, relu, flatten, dense], ['dy', 'dy dx', 'dy dx', 'dy dx']],
    ['do not reach what lies below it', [rescaling, relu, conv, relu], ['', '', 'dy', 'dy dx']],
    ['do not flow without weights', [rescaling, flatten], ['', '']],
  ])('%s', (_, layers, expected) => {
    expect(flow(layers)).toEqual(expected)
  })

  test('flow down to the input where that is asked for', () => {
    expect(flow([rescaling, conv, relu], { inputGradient: true })).toEqual(['dy dx', 'dy dx', 'dy dx'])
    expect(flow([rescaling, flatten], { inputGradient: true })).toEqual(['dy dx', 'dy dx'])
  })

  test('are not there in inference', () => {
    expect(flow([conv, relu], { training: false })).toEqual(['', ''])
  })

  test('lie in place for layers that allow it, whether the activations do or not', () => {
    const { links } = layoutOf([conv, relu, dropout, flatten, dense])
    expect(links.map(({ dy, dx }) => dx === dy)).toEqual([false, true, true, true, false])
    expect(links[2].x).not.toBe(links[2].y)
  })

  test('hand on from layer to layer', () => {
    const { links } = layoutOf([conv, relu, pool, flatten, dense])
    for (let k = 1; k < links.length; k++) {
      expect(links[k].dx).toBe(links[k - 1].dy)
      expect(links[k].x).toBe(links[k - 1].y)
    }
  })
})

describe('memory', () => {
  const experiment = [
    new Conv2D({ filters: 4, kernelSize: 3, activation: 'relu' }),
    pool,
    flatten,
    new Dense({ units: 6, activation: 'relu' }),
    new Dense({ units: 3, activation: 'softmax' }),
  ]

  test('has arrays of the sizes that the layers say, for all rows', () => {
    const { links } = layoutOf([conv, pool], { bytesPerReal: 8 })
    expect(links[0].x).toMatchObject({ elements: 640, dtype: 'real', bytes: 5120 })
    expect(links[0].y).toMatchObject({ elements: 10 * 6 * 6 * 4, bytes: 10 * 6 * 6 * 4 * 8 })
    expect(links[1].saved.winners).toMatchObject({ elements: 360, dtype: 'uint8', bytes: 360 })
    const wide = layoutOf([new MaxPool2D({ poolSize: [1, 300], padding: 'same' }), dropout])
    expect(wide.links[0].saved.winners).toMatchObject({ dtype: 'int32', bytes: 4 * 80 })
  })

  test('never holds two arrays in one place at a time', () => {
    for (const options of [{}, { training: false }, { inputGradient: true }]) {
      const { links, bytes } = layoutOf(experiment, options)
      const buffers = new Set<PlacedArray>()
      for (const { x, y, dy, dx, saved } of links)
        for (const buffer of [x, y, dy, dx, ...Object.values(saved)]) if (buffer) buffers.add(buffer)
      for (const a of buffers) {
        expect(a.offset + a.bytes).toBeLessThanOrEqual(bytes)
        for (const b of buffers) {
          const together = a !== b && a.from <= b.until && b.from <= a.until
          if (together) expect(a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset).toBe(true)
        }
      }
    }
  })

  test('keeps what the way back reads, until it has been read', () => {
    const { links } = layoutOf(experiment)
    const moments = links.length
    const backwardAt = (k: number) => 2 * moments + 1 - k
    expect(links[0].x.until).toBe(backwardAt(0))
    expect(links[1].y.until).toBe(backwardAt(1))
    expect(links[2].saved.winners!.until).toBe(backwardAt(2))
    expect(links[2].y.until).toBe(backwardAt(4))
    // The loss reads the output, and softmax after it.
    expect(links.at(-1)!.y.until).toBe(backwardAt(moments - 1))
  })

  test('is used again: inference takes no more than two neighbours', () => {
    const layers = Array.from({ length: 6 }, () => new Conv2D({ filters: 1, kernelSize: 3, padding: 'same' }))
    expect(layoutOf(layers, { training: false }).bytes).toBe(2 * 640 * 4)
    const training = layoutOf(layers)
    expect(training.bytes).toBe((7 + 1) * 640 * 4)
  })

  test('grows with the rows alone', () => {
    const bytes = (rows: number) => layoutOf(experiment, { maxRows: rows }).bytes
    expect(bytes(64)).toBe(2 * bytes(32))
  })
})
