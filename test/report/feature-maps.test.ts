import { Conv2D, Dense, Flatten, MaxPool2D, Sequential } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { DataError, ShapeError } from '../../src/errors.ts'
import type { LayerOutput } from '../../src/model/layer-outputs.ts'
import { featureMaps } from '../../src/report/feature-maps.ts'
import { type Tensor, tensor } from '../../src/tensor/tensor.ts'
import { DEEPEST_BLUE, DEEPEST_RED, expectNothingCut, readPicture, WHITE } from '../support/picture.ts'
import { expectRefusal } from '../support/refusals.ts'

const output = (name: string, shape: readonly number[], values: readonly number[]): LayerOutput => ({
  name,
  type: 'Layer',
  output: tensor(Float32Array.from(values), shape),
})

const texts = (svg: string) => readPicture(svg).texts.map(({ text }) => text)
const colours = (svg: string) => readPicture(svg).images.map(({ png }) => [...png.data])

/** An image, and what a small model makes of it. */
function convolved() {
  const model = new Sequential(
    [
      new Conv2D({ filters: 10, kernelSize: 3, activation: 'relu' }),
      new MaxPool2D(),
      new Flatten(),
      new Dense({ units: 3, activation: 'softmax' }),
    ],
    { inputShape: [8, 10, 1], seed: 3 },
  )
  const x = tensor(
    Float32Array.from({ length: 160 }, (_, i) => ((i * 37) % 100) / 100),
    [2, 8, 10, 1],
  )
  return { x, outputs: model.layerOutputs(x) }
}

describe('featureMaps', () => {
  test('shows the image, the maps of each layer, its vectors, and the last outputs by name', () => {
    const { x, outputs } = convolved()
    const classNames = ['Bag', 'Coat', 'Dress']
    const svg = featureMaps(outputs, { row: 1, image: x.pick(1) as Tensor, classNames })
    const shown = readPicture(svg)
    const captions = shown.texts.map(({ text }) => text)
    expect(captions.slice(0, 3)).toEqual([
      'What the layers make of an image',
      'Each layer has a scale of its own: white is 0, blue above, red below',
      'Image8 × 10 × 1',
    ])
    expect(captions[3]).toMatch(/^conv2dConv2D, 6 × 8 × 10, the first 8 maps, from −[\d.]+ to [\d.]+$/)
    expect(captions[4]).toMatch(/^conv2d\/reluActivation, 6 × 8 × 10, the first 8 maps, from 0 to [\d.]+$/)
    expect(captions[5]).toMatch(/^max_pooling2dMaxPooling2D, 3 × 4 × 10, the first 8 maps, from 0 to/)
    expect(captions[6]).toMatch(/^flattenFlatten, 120 numbers, from 0 to/)
    expect(captions[7]).toMatch(/^denseDense, 3 numbers, from/)
    expect(captions[8]).toMatch(/^dense\/softmaxActivation, 3 numbers, from/)
    expectNothingCut(shown)

    const size = ({ png }: (typeof shown.images)[number]) => `${png.height}×${png.width}`
    expect(shown.images.map(size)).toEqual([
      '8×10',
      ...Array(16).fill('6×8'),
      ...Array(8).fill('3×4'),
      '4×30',
      '1×3',
    ])
    expect([...shown.images[0].png.data]).toEqual(
      Array.from({ length: 80 }, (_, i) => Math.round(Math.fround((((80 + i) * 37) % 100) / 100) * 255)),
    )

    const last = outputs[outputs.length - 1].output.pick(1)
    const values = [0, 1, 2].map(c => last.get(c))
    expect(captions.slice(9)).toEqual(classNames.flatMap((name, c) => [name, values[c].toFixed(3)]))
    const bars = shown.elements.filter(({ attributes }) => attributes.class === 'series-1')
    const widths = bars.map(({ attributes }) => Number(attributes.width))
    for (const [c, value] of values.entries()) expect(widths[c]).toBeCloseTo(360 * value, 1)
    const tracks = shown.elements.filter(({ attributes }) => attributes.class === 'track').slice(-3)
    expect(tracks.map(({ attributes }) => attributes.width)).toEqual(['360', '360', '360'])
    const strong = bars.findIndex(({ attributes }) => attributes.opacity === undefined)
    expect(strong).toBe(values.indexOf(Math.max(...values)))
  })

  test('gives each layer a scale of its own, of all its maps', () => {
    const svg = featureMaps(
      [
        output('a', [2, 1, 2, 2], [9, 9, 9, 9, 1, -4, 0, -2]),
        output('b', [2, 1, 2, 1], [9, 9, 0.1, -0.1]),
        output('c', [2, 21], Array(42).fill(0)),
      ],
      { row: 1, maps: 1 },
    )
    const [a, b] = colours(svg)
    // The largest of all is −4, in the second map, which is not shown.
    expect(a.slice(3)).toEqual(WHITE)
    expect(a[2]).toBeGreaterThan(a[0])
    expect(a.slice(0, 3)).not.toEqual(DEEPEST_BLUE)
    expect(b).toEqual([...DEEPEST_BLUE, ...DEEPEST_RED])
    expect(texts(svg)).toContain('aLayer, 1 × 2 × 2, the first map, from −4 to 1')
    expect(texts(svg)).toContain('bLayer, 1 × 2 × 1, from −0.1 to 0.1')
  })

  test('keeps maps from being pale beside a few numbers far from 0, and says so', () => {
    const maps = Array.from({ length: 80 }, (_, i) => (i < 2 ? 30 : i % 2 === 0 ? 3 : -3))
    const svg = featureMaps([output('a', [1, 2, 4, 10], maps), output('v', [1, 80], maps)], { maps: 10 })
    const pixels = colours(svg).flat()
    for (const [i, value] of [...maps.keys()].map(i => [i, maps[i]])) {
      expect(pixels.slice(240 + 3 * i, 243 + 3 * i)).toEqual(value > 0 ? DEEPEST_BLUE : DEEPEST_RED)
    }
    expect(texts(svg)).toContain('aLayer, 2 × 4 × 10, from −3 to 30, darkest from ±3 on')
    expect(texts(svg)).toContain('vLayer, 80 numbers, from −3 to 30, darkest from ±3 on')
  })

  test('shows every number of a vector, in lines where it is long', () => {
    for (const length of [21, 99, 5408, 10_816, 100_000]) {
      const values = Array.from({ length }, (_, i) => (i === length - 1 ? 1 : -1))
      for (const width of [240, 788]) {
        const shown = readPicture(featureMaps([output('v', [1, length], values)], { width, maps: 4 }))
        const pixels = shown.images.flatMap(({ png }) => [...png.data])
        expect(pixels.length).toBe(3 * length)
        expect(pixels.slice(0, 3)).toEqual(DEEPEST_RED)
        expect(pixels.slice(-3)).toEqual(DEEPEST_BLUE)
        const [first] = shown.images
        for (const { x, width, png } of shown.images) {
          expect(x).toBe(first.x)
          expect(width / png.width).toBe(first.width / first.png.width)
        }
        // What the last line leaves over lies on a backing, and is little.
        const cell = first.width / first.png.width
        const { width: wide, height } = shown.elements.find(
          ({ attributes }) => attributes.class === 'track',
        )!.attributes
        const [columns, lines] = [(Number(wide) - 2) / cell, (Number(height) - 2) / cell]
        expect(columns * lines - length).toBeGreaterThanOrEqual(0)
        expect(columns * lines - length).toBeLessThan(lines)
        if (shown.images.length > 1) expect(shown.images[1].y).toBe(first.y + first.height)
        expectNothingCut(shown)
      }
    }
  })

  test('draws bars to both sides of 0 where outputs are no shares', () => {
    const svg = featureMaps([output('logits', [1, 3], [-1, 3, 0])])
    const shown = readPicture(svg)
    const bars = shown.elements
      .filter(({ attributes }) => attributes.class === 'series-1')
      .map(({ attributes }) => [Number(attributes.x), Number(attributes.width)])
    const [[left, minus], [zero, plus], [at, none]] = bars
    expect([minus, plus, none]).toEqual([90, 270, 0])
    expect([left + minus, at]).toEqual([zero, zero])
    expect(texts(svg).slice(-6)).toEqual(['0', '−1', '1', '3', '2', '0'])
  })

  test('fits its width', () => {
    const { x, outputs } = convolved()
    const classNames = ['A name that is far too long for a bar', 'Coat', '<b>']
    for (const [width, maps] of [
      [240, 8],
      [300, 2],
      [1600, 20],
    ]) {
      const shown = readPicture(featureMaps(outputs, { width, maps, classNames, image: x.pick(0) as Tensor }))
      expect(shown.width).toBe(width)
      expectNothingCut(shown)
    }
    expectNothingCut(readPicture(featureMaps(outputs, { maps: 1, title: 'T' })))
  })

  test('refuses what it cannot show', () => {
    const good = [output('a', [2, 3], [1, 2, 3, 4, 5, 6])]
    const refused = (option: string, make: () => unknown, message: string) =>
      expectRefusal(make, 'featureMaps', option, message)
    refused('outputs', () => featureMaps([]), 'model.layerOutputs(x)')
    refused('outputs', () => featureMaps({} as never), 'model.layerOutputs(x)')
    refused('outputs', () => featureMaps([{ name: 'a' }] as never), 'model.layerOutputs(x)')
    refused('row', () => featureMaps(good, { row: 2 }), 'from 0 to 1')
    refused('maps', () => featureMaps(good, { maps: 0 }), 'from 1 to 32')
    refused('width', () => featureMaps(good, { maps: 32, width: 300 }), 'at least 660 for 32 maps')
    refused('image', () => featureMaps(good, { image: {} as never }), 'a tensor of bytes')
    expect(() => featureMaps(good, { classNames: ['a', 'b'] })).toThrow(
      'featureMaps: there are 2 classNames for 3 outputs, expected one for each',
    )
    expect(() => featureMaps([output('a', [3], [1, 2, 3])])).toThrow(ShapeError)
    expect(() => featureMaps(good, { image: tensor(new Uint8Array(8), [2, 2, 2]) })).toThrow(
      'an image has the shape (2, 2, 2)',
    )
    const broken = () => featureMaps([output('a', [1, 2], [1, Number.POSITIVE_INFINITY])])
    expect(broken).toThrow(DataError)
    expect(broken).toThrow('the output of a, row 1: a number is Infinity, expected finite ones')
  })
})
