import { describe, expect, test } from 'vitest'
import { DataError, ShapeError } from '../../src/errors.ts'
import { imageGrid } from '../../src/report/image-grid.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { expectNothingCut, readPicture } from '../support/picture.ts'
import { expectRefusal } from '../support/refusals.ts'

const classNames = ['Bag', 'Ankle boot', 'A name that is far too long for an image']

/** Images in which every pixel is another. */
const images = (n: number, height = 4, width = 3) =>
  tensor(
    Uint8Array.from({ length: n * height * width }, (_, i) => (i * 7) % 256),
    [n, height, width, 1],
  )

const words = (svg: string) => readPicture(svg).texts.map(({ text }) => text)

describe('imageGrid', () => {
  test('shows the pixels of the first images, in rows', () => {
    const shown = readPicture(imageGrid(images(50), { columns: 7, count: 40 }))
    expect(shown.images.length).toBe(40)
    for (const [i, { png }] of shown.images.entries()) {
      expect([png.width, png.height, png.channels]).toEqual([3, 4, 1])
      expect([...png.data]).toEqual(Array.from({ length: 12 }, (_, pixel) => ((i * 12 + pixel) * 7) % 256))
    }
    const [first, , , , , , last, next] = shown.images
    expect(new Set(shown.images.map(({ x }) => x)).size).toBe(7)
    expect([next.x, last.y]).toEqual([first.x, first.y])
    expect(next.y).toBeGreaterThan(first.y + first.height)
    // Squares of whole pixels.
    expect(first.width / 3).toBe(first.height / 4)
    expect(Number.isInteger(first.width / 3)).toBe(true)
    expectNothingCut(shown)
  })

  test('shows 36 images in six columns unless asked otherwise, and all where there are fewer', () => {
    const shown = readPicture(imageGrid(images(40)))
    expect(shown.images.length).toBe(36)
    expect(new Set(shown.images.map(({ x }) => x)).size).toBe(6)
    expect(readPicture(imageGrid(images(2))).images.length).toBe(2)
  })

  test('takes floats from 0 to 1, colours, images without channels and views', () => {
    const floats = tensor(Float32Array.of(0, 1, 0.5, 0.2), [1, 2, 2])
    expect([...readPicture(imageGrid(floats)).images[0].png.data]).toEqual([0, 255, 128, 51])
    const colours = tensor(Uint8Array.of(1, 2, 3, 4, 5, 6), [1, 1, 2, 3])
    const { png } = readPicture(imageGrid(colours)).images[0]
    expect([png.channels, ...png.data]).toEqual([3, 1, 2, 3, 4, 5, 6])
    const turned = tensor(Uint8Array.of(1, 2, 3, 4, 5, 6), [1, 3, 2]).transpose(0, 2, 1)
    expect([...readPicture(imageGrid(turned)).images[0].png.data]).toEqual([1, 3, 5, 2, 4, 6])
  })

  test('writes the predicted class and the true one below it, and marks and counts the wrong ones', () => {
    const svg = imageGrid(images(4), { yTrue: [0, 1, 1, 0], yPred: [0, 1, 0, 1], classNames })
    const shown = readPicture(svg)
    expect(shown.texts.map(({ text, class: paint }) => [text, paint])).toEqual([
      ['Predictions', 'ink'],
      ['2 of 4 are wrong; the true class stands beneath the predicted one', 'muted'],
      ['Bag', 'ink'],
      ['Bag', 'muted'],
      ['Ankle boot', 'ink'],
      ['Ankle boot', 'muted'],
      ['Bag', 'wrong'],
      ['Ankle boot', 'muted'],
      ['Ankle boot', 'wrong'],
      ['Bag', 'muted'],
    ])
    expect(shown.description).toBe('2 of 4 are wrong; the true class stands beneath the predicted one')
    const marks = shown.elements.filter(({ attributes }) => attributes.class === 'line-wrong')
    expect(marks.map(({ name }) => name)).toEqual(['rect', 'path', 'rect', 'path'])
    const { x, width } = shown.images[2]
    expect(Number(marks[0].attributes.x)).toBe(x - 2)
    expect(Number(marks[0].attributes.width)).toBe(width + 4)
    expectNothingCut(shown)
  })

  test('counts among the images that it shows', () => {
    const options = { yTrue: [0, 0, 0, 1], yPred: [0, 1, 0, 0] }
    expect(words(imageGrid(images(4), { ...options, count: 3 }))[1]).toMatch(/^1 of 3 is wrong/)
    expect(words(imageGrid(images(4), { yTrue: [1, 1, 1, 1], yPred: [1, 1, 1, 1] }))[1]).toMatch(
      /^0 of 4 are wrong/,
    )
  })

  test('writes what there is to write', () => {
    expect(words(imageGrid(images(2), { yTrue: [5, 7] }))).toEqual([
      'Images',
      'The true class of each image',
      '5',
      '7',
    ])
    expect(words(imageGrid(images(2), { yPred: [5, 7], title: 'Title' }))).toEqual([
      'Title',
      'The class that each image was taken for',
      '5',
      '7',
    ])
    expect(words(imageGrid(images(2)))).toEqual(['Images', '2 images'])
  })

  test('cuts names before they reach the next image, at any width', () => {
    const yTrue = Array.from({ length: 12 }, (_, i) => i % 3)
    const yPred = yTrue.map((c, i) => (i % 2 ? c : 2))
    for (const [width, columns] of [
      [undefined, 6],
      [240, 6],
      [240, 2],
      [700, 12],
      [4000, 3],
    ] as const) {
      const svg = imageGrid(images(12), { yTrue, yPred, classNames, width, columns })
      expectNothingCut(readPicture(svg))
      if (width) expect(readPicture(svg).width).toBe(width)
    }
    expect(words(imageGrid(images(12), { yTrue, classNames }))).toContain('A name that i…')
  })

  test('escapes names', () => {
    const svg = imageGrid(images(1), { yTrue: [0], classNames: ['<b>&"'] })
    expect(words(svg)).toContain('<b>&"')
  })

  test('refuses what it cannot show, before drawing', () => {
    const refused = (name: string, make: () => unknown, message: string) =>
      expectRefusal(make, 'imageGrid', name, message)
    refused('images', () => imageGrid([] as never), 'a tensor of bytes')
    refused('images', () => imageGrid(tensor(new Int32Array(4), [1, 2, 2]) as never), 'a tensor of bytes')
    refused('count', () => imageGrid(images(1), { count: 0 }), 'from 1 to 1000')
    refused('columns', () => imageGrid(images(1), { columns: 51 }), 'from 1 to 50')
    refused('width', () => imageGrid(images(12), { columns: 12, width: 240 }), 'at least 392 for 12 images')
    refused('labels', () => imageGrid(images(1), { labels: [0] } as never), 'yTrue')
    refused('yTrue', () => imageGrid(images(1), { yTrue: 3 as never }), 'an array of class indices')
    refused('classNames', () => imageGrid(images(1), { classNames: [] }), 'a name for each class')

    for (const shape of [
      [4, 4],
      [0, 2, 2, 1],
      [1, 2, 2, 2],
      [1, 0, 2, 1],
      [1, 2, 2, 1, 1],
    ]) {
      const data = new Uint8Array(shape.reduce((a, b) => a * b))
      expect(() => imageGrid(tensor(data, shape))).toThrow(ShapeError)
    }
    expect(() => imageGrid(images(2), { yTrue: [1] })).toThrow('yTrue has the length 1, expected 2')
    const badLabel = () => imageGrid(images(2), { yPred: [0, 3], classNames })
    expect(badLabel).toThrow(DataError)
    expect(badLabel).toThrow('yPred, row 2: the class is 3, expected a whole number from 0 to 2')
    expect(() => imageGrid(images(2), { yTrue: [0, 0.5] })).toThrow('row 2: the class is 0.5')
    for (const bad of [Number.NaN, 1.5, -0.1]) {
      const floats = tensor(Float32Array.of(0, 0, 0, 0, 0, bad, 0, 0), [2, 2, 2])
      expect(() => imageGrid(floats)).toThrow('images, row 2: a pixel is')
    }
  })
})
