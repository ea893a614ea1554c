import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OptionError, ShapeError } from '../../src/errors.ts'
import { confusionMatrix } from '../../src/metrics/confusion-matrix.ts'
import { heatClasses } from '../../src/report/confusion-heat-map/colours.ts'
import { confusionHeatMap } from '../../src/report/confusion-heat-map.ts'
import { textWidth } from '../../src/report/picture/text-width.ts'
import { themes } from '../../src/report/picture/theme.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { expectNothingCut, readPicture } from '../support/picture.ts'
import { expectRefusal } from '../support/refusals.ts'

const square = (...values: number[]) =>
  tensor(Float64Array.from(values), [Math.sqrt(values.length), Math.sqrt(values.length)])

/** What is true of the rows (down) that were predicted (across). */
const counts = square(90, 7, 3, 0, 80, 20, 12, 1, 100)
const classNames = ['Bag', 'Coat', 'Shirt']

/** The cells without those of the scale below, and the numbers in them. */
function read(svg: string) {
  const shown = readPicture(svg)
  const cells = shown.elements
    .filter(
      ({ attributes }) => attributes.class?.startsWith('heat') && attributes.width === attributes.height,
    )
    .map(({ attributes }) => ({
      class: attributes.class,
      x: Number(attributes.x),
      y: Number(attributes.y),
      side: Number(attributes.width),
    }))
  const numbers = shown.texts.filter(each => /heat|faint/.test(each.class))
  return { shown, cells, numbers, words: shown.texts.map(({ text }) => text) }
}

/** Classes with names of different lengths and counts of different sizes. */
function classes(count: number, letters: (i: number) => number) {
  const names = Array.from({ length: count }, (_, i) => 'Mw gil'.repeat(7).slice(0, letters(i)))
  const values = Float64Array.from({ length: count ** 2 }, (_, i) => (i * 7919) % 10_007)
  return { matrix: tensor(values, [count, count]), classNames: names }
}

describe('confusionHeatMap', () => {
  test('writes each count in the row of its true class and the column of the predicted one', () => {
    const { shown, numbers, words } = read(confusionHeatMap(counts, { classNames }))
    expect(numbers.map(({ text }) => text)).toEqual(['90', '7', '3', '0', '80', '20', '12', '1', '100'])
    const beside = classNames.map(
      name => shown.texts.find(each => each.text === name && each.anchor === 'end')!,
    )
    const above = classNames.map(
      name => shown.texts.find(each => each.text === name && each.anchor !== 'end')!,
    )
    for (const [k, { x, y }] of numbers.entries()) {
      expect(Math.abs(y - beside[Math.floor(k / 3)].y)).toBeLessThan(1)
      expect(Math.abs(x - above[k % 3].x)).toBeLessThan(1)
    }
    expect(beside.map(({ y }) => y)).toEqual([...beside.map(({ y }) => y)].sort((a, b) => a - b))
    expect(above.map(({ x }) => x)).toEqual([...above.map(({ x }) => x)].sort((a, b) => a - b))
    expect(words).toEqual(expect.arrayContaining(['Confusion matrix', 'true class', 'predicted class']))
    expect(words.slice(-3)).toEqual(['samples', '0', '100'])
    expect(shown.description).toBe(
      '3 by 3 numbers, true class down and predicted class across, the largest 100',
    )
    expectNothingCut(shown)
  })

  test('colours each cell by its share of the largest, zeros too', () => {
    const { cells, numbers } = read(confusionHeatMap(counts, { classNames }))
    const amounts = [0.9, 0.07, 0.03, 0, 0.8, 0.2, 0.12, 0.01, 1]
    expect(cells.map(cell => cell.class)).toEqual(amounts.map(amount => heatClasses(amount).cell))
    expect(numbers.map(number => number.class)).toEqual(
      amounts.map(amount => (amount === 0 ? 'faint' : heatClasses(amount).number)),
    )
    for (const [i, { x, y, side }] of cells.entries()) {
      expect(numbers[i].x).toBeCloseTo(x + side / 2, 1)
      expect(numbers[i].y).toBeGreaterThan(y + side / 2)
      expect(numbers[i].y).toBeLessThan(y + side)
    }
  })

  test('writes shares with two digits, as the printed matrix has them', () => {
    const shares = confusionMatrix([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1], { normalize: 'true' })
    const { numbers, words } = read(confusionHeatMap(shares, { title: 'As shares' }))
    expect(numbers.map(({ text }) => text)).toEqual(['0.67', '0.33', '0.00', '1.00'])
    expect(words[0]).toBe('As shares')
    expect(words.slice(-3)).toEqual(['share of true class', '0', '1.00'])
  })

  test('says what its numbers are', () => {
    const unitOf = (...values: number[]) => read(confusionHeatMap(square(...values))).words.at(-3)
    expect(unitOf(3, 0, 1, 2)).toBe('samples')
    expect(unitOf(0.5, 0.5, 0, 1)).toBe('share of true class')
    expect(unitOf(0.5, 0.5, 0, 0)).toBe('share of true class')
    expect(unitOf(0.5, 0, 0.5, 1)).toBe('share of predicted class')
    expect(unitOf(0.5, 0.25, 0.125, 0.125)).toBe('share of samples')
    const [yTrue, yPred] = [
      Array.from({ length: 99 }, (_, i) => i % 7),
      Array.from({ length: 99 }, (_, i) => i % 3),
    ]
    const units = (['true', 'pred', 'all'] as const).map(normalize =>
      read(confusionHeatMap(confusionMatrix(yTrue, yPred, { normalize }))).words.at(-3),
    )
    expect(units).toEqual(['share of true class', 'share of predicted class', 'share of samples'])

    const perfect = [0, 0, 1]
    const shares = read(confusionHeatMap(confusionMatrix(perfect, perfect, { normalize: 'pred' })))
    expect(shares.numbers.map(({ text }) => text)).toEqual(['1.00', '0.00', '0.00', '1.00'])
    expect(shares.words.slice(-3)).toEqual(['share of predicted class', '0', '1.00'])
    expect(read(confusionHeatMap(confusionMatrix([0, 1], [0, 1]))).words.slice(-3)).toEqual([
      'samples',
      '0',
      '1',
    ])
  })

  test('counts classes without names from 0, and takes views', () => {
    const { shown, numbers } = read(confusionHeatMap(counts.transpose(1, 0)))
    expect(numbers.map(({ text }) => text)).toEqual(['90', '0', '12', '7', '80', '1', '3', '20', '100'])
    const beside = shown.texts.filter(({ text, anchor }) => /^[0-2]$/.test(text) && anchor === 'end')
    expect(beside.map(({ text }) => text)).toEqual(['0', '1', '2'])
  })

  test('is drawn for one class, and for no rows at all', () => {
    const one = read(confusionHeatMap(square(5)))
    expect(one.numbers.map(({ text }) => text)).toEqual(['5'])
    expectNothingCut(one.shown)
    const none = read(confusionHeatMap(square(0, 0, 0, 0)))
    expect(none.numbers.map(({ text }) => text)).toEqual(['0', '0', '0', '0'])
    expect(none.words.at(-1)).toBe('0')
  })

  test('has every name and number of up to 30 classes, and leaves out numbers of more', () => {
    for (const count of [2, 10, 30]) {
      const { matrix, classNames } = classes(count, i => 1 + (i % 15))
      const { numbers, words } = read(confusionHeatMap(matrix, { classNames }))
      expect(numbers.map(({ text }) => Number(text))).toEqual([...matrix.data])
      for (const name of classNames) expect(words).toContain(name)
    }
    const { numbers, shown } = read(confusionHeatMap(classes(31, () => 3).matrix))
    expect(numbers).toEqual([])
    expectNothingCut(shown)
  })

  test('cuts nothing and lets nothing overlap at any size, names and theme, and is the same each time', () => {
    const whole = (min: number, max: number) => fc.integer({ min, max })
    const cases = fc.record({
      count: fc.oneof(whole(2, 12), whole(13, 40)),
      letters: fc.array(whole(1, 40), { minLength: 40, maxLength: 40 }),
      width: fc.option(fc.oneof(whole(240, 800), whole(240, 4000)), { nil: undefined }),
      theme: fc.constantFrom(...themes),
    })
    fc.assert(
      fc.property(cases, ({ count, letters, width, theme }) => {
        const { matrix, classNames } = classes(count, i => letters[i])
        const draw = (asked: number | undefined) =>
          confusionHeatMap(matrix, { classNames, width: asked, theme })
        const svg = fitting(draw, width)
        const { shown, cells, numbers } = read(svg.text)
        expectNothingCut(shown)
        if (svg.width) expect(shown.width).toBe(svg.width)
        for (const { text, size } of numbers) expect(textWidth(text, size)).toBeLessThan(cells[0].side)
        expect(draw(svg.width)).toBe(svg.text)
      }),
      { numRuns: 40 },
    )
  })

  /** The picture at a width or, where that is too small, at the one that the refusal asks for. */
  function fitting(draw: (width: number | undefined) => string, width: number | undefined) {
    try {
      return { text: draw(width), width }
    } catch (error) {
      expect(error).toBeInstanceOf(OptionError)
      const least = Number(/expected at least (\d+) for/.exec((error as OptionError).message)![1])
      expect(least).toBeGreaterThan(width!)
      return { text: draw(least), width: least }
    }
  }

  test('cuts long names before cells become too small for their numbers', () => {
    const { matrix, classNames } = classes(10, () => 40)
    const { numbers, words, shown } = read(confusionHeatMap(matrix, { classNames, width: 440 }))
    expect(numbers.length).toBe(100)
    expect(words.filter(word => word.endsWith('…')).length).toBe(20)
    expectNothingCut(shown)
  })

  test('escapes names', () => {
    const names = ['<script>alert(1)</script>', '"a" & \'b\'', '']
    const svg = confusionHeatMap(counts, { classNames: names, title: '</svg>' })
    expect(svg).not.toContain('<script')
    expect(read(svg).words).toEqual(expect.arrayContaining(['</svg>', ...names]))
  })

  test('refuses what it cannot show, before drawing', () => {
    const refused = (name: string, make: () => unknown, message: string) =>
      expectRefusal(make, 'confusionHeatMap', name, message)
    refused('matrix', () => confusionHeatMap([[1]] as never), 'a tensor [classes, classes]')
    refused('matrix', () => confusionHeatMap(square(1, 2, 3, Number.NaN)), 'not NaN')
    refused('matrix', () => confusionHeatMap(square(1, -2, 3, 4)), 'at least 0, and not -2')
    refused('matrix', () => confusionHeatMap(square(1, Infinity, 3, 4)), 'not Infinity')
    refused('classNames', () => confusionHeatMap(counts, { classNames: [] }), 'a name for each class')
    refused('names', () => confusionHeatMap(counts, { names: [] } as never), 'classNames')
    refused('theme', () => confusionHeatMap(counts, { theme: 'blue' as never }), 'light')
    refused('width', () => confusionHeatMap(counts, { width: 239 }), 'from 240 to 4000')
    const forty = classes(40, () => 40)
    refused('width', () => confusionHeatMap(forty.matrix, { width: 240 }), 'for 40 classes')

    const large = tensor(new Float64Array(201 ** 2), [201, 201])
    refused('matrix', () => confusionHeatMap(large), 'at most 200 classes, and not 201')
    for (const shape of [[4], [1, 4], [4, 1], [1, 2, 2], [0, 0]]) {
      const data = new Float64Array(shape.reduce((a, b) => a * b))
      expect(() => confusionHeatMap(tensor(data, shape))).toThrow(ShapeError)
    }
    expect(() => confusionHeatMap(counts, { classNames: ['a', 'b'] })).toThrow(
      'the matrix has shape (3, 3), but there are 2 class names',
    )
  })
})
