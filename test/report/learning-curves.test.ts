import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Curves } from '../../src/report/curves.ts'
import { learningCurves } from '../../src/report/learning-curves.ts'
import { axesOf, linesOf } from '../support/charts.ts'
import { expectClose } from '../support/compare.ts'
import { historyOf } from '../support/histories.ts'
import { expectNothingCut, readPicture } from '../support/picture.ts'
import { expectRefusal } from '../support/refusals.ts'

const words = (svg: string) => readPicture(svg).texts.map(({ text }) => text)

const curves = {
  loss: [0.91, 0.47, 0.42, 0.39, 0.36],
  accuracy: [0.66, 0.83, 0.85, 0.86, 0.87],
  valLoss: [0.52, 0.44, 0.4, 0.41, 0.43],
  valAccuracy: [0.81, 0.85, 0.86, 0.87, 0.87],
  learningRate: [0.1, 0.1, 0.1, 0.1, 0.1],
}

/** Half a unit in the second decimal of a pixel, of a plot that is some 180 pixels high. */
const tolerance = (values: readonly number[]) => ({ rtol: 0, atol: Math.max(...values) / 5000 })

describe('learningCurves', () => {
  test('draws every number of every epoch where the axes say', () => {
    const svg = learningCurves(curves, { metrics: ['loss'] })
    const shown = readPicture(svg)
    const { epochAt, valueAt, epochs, values } = axesOf(shown)
    expect(epochs).toEqual([1, 2, 3, 4, 5])
    expect(values).toEqual(['0.2', '0.4', '0.6', '0.8', '1.0'])
    const [training, validation] = linesOf(shown)
    for (const [line, numbers] of [
      [training, curves.loss],
      [validation, curves.valLoss],
    ] as const) {
      expect(line.runs.length).toBe(1)
      expectClose(
        line.runs[0].map(([, y]) => valueAt(y)),
        numbers,
        tolerance(curves.loss),
      )
      expectClose(
        line.runs[0].map(([x]) => epochAt(x)),
        [1, 2, 3, 4, 5],
        { rtol: 0, atol: 1e-3 },
      )
    }
    expect(training.attributes).toMatchObject({ class: 'line-1', 'stroke-width': '2' })
    expect(training.attributes['stroke-dasharray']).toBeUndefined()
    expect(validation.attributes).toMatchObject({ class: 'line-2', 'stroke-dasharray': '7 4' })
    expect(words(svg).slice(0, 4)).toEqual([
      'Loss',
      'training',
      'validation',
      'best validation 0.4000, epoch 3',
    ])
    expect(words(svg)).toContain('epoch')
  })

  test('shows in its legend how the lines are drawn', () => {
    const reference = { name: 'Paper', history: curves }
    const shown = readPicture(learningCurves(curves, { metrics: ['loss'], reference }))
    const style = ({ d: _, ...rest }: { readonly [name: string]: string }) => rest
    const samples = shown.elements
      .filter(({ name, attributes }) => name === 'path' && /h\d+$/.test(attributes.d))
      .map(({ attributes }) => style(attributes))
    const [paperTraining, paperValidation, training, validation] = linesOf(shown).map(line =>
      style(line.attributes),
    )
    expect(samples).toEqual([training, validation, paperTraining, paperValidation])
    expect(new Set(samples.map(sample => JSON.stringify(sample))).size).toBe(4)
    expect(words(learningCurves(curves, { metrics: ['loss'], reference })).slice(1, 4)).toEqual([
      'training',
      'validation',
      'Paper',
    ])
  })

  test('marks the best epoch of the validation, the first of equals', () => {
    for (const [metric, epoch, value] of [
      ['loss', 3, 0.4],
      ['accuracy', 4, 0.87],
    ] as const) {
      const shown = readPicture(learningCurves(curves, { metrics: [metric] }))
      const points = shown.elements.filter(({ name }) => name === 'circle')
      expect(points.length).toBe(1)
      const { class: paint, cx, cy } = points[0].attributes
      expect(paint).toBe('series-2')
      const { epochAt, valueAt } = axesOf(shown)
      expectClose([epochAt(Number(cx)), valueAt(Number(cy))], [epoch, value], { rtol: 1e-3, atol: 1e-3 })
      expect(words(learningCurves(curves, { metrics: [metric] }))).toContain(
        `best validation ${value.toFixed(4)}, epoch ${epoch}`,
      )
    }
  })

  test('counts epochs as a History does', () => {
    const history = historyOf({ loss: [0.9, 0.8, 0.6], valLoss: [0.8, 0.7, 0.5] })
    history.epoch = [4, 5, 6]
    const svg = learningCurves(history)
    expect(words(svg)).toContain('best validation 0.5000, epoch 7')
    const shown = readPicture(svg)
    const { epochs, epochAt } = axesOf(shown)
    expect(epochs).toEqual([5, 6, 7])
    const point = shown.elements.find(({ name }) => name === 'circle')!
    expect(epochAt(Number(point.attributes.cx))).toBeCloseTo(7)

    // Curves without epochs begin at the first.
    const reference = { name: 'earlier', history: { loss: [1, 1, 1, 1, 1, 1] } }
    const both = readPicture(learningCurves(history, { reference }))
    expect(axesOf(both).epochs).toEqual([1, 2, 3, 4, 5, 6, 7])
    const [behind, training] = linesOf(both)
    const epochsOf = ({ runs }: typeof behind) => runs[0].map(([x]) => axesOf(both).epochAt(x))
    expectClose(epochsOf(behind), [1, 2, 3, 4, 5, 6], { rtol: 1e-3, atol: 0 })
    expectClose(epochsOf(training), [5, 6, 7], { rtol: 1e-3, atol: 0 })
  })

  test('names the axis unless the title of the picture does', () => {
    const above = (title?: string) => words(learningCurves({ loss: [2, 1] }, { title })).slice(0, 3)
    expect(above()).toEqual(['Loss', 'training', '1.0'])
    expect(above('Experiment 1: loss')).toEqual(['Experiment 1: loss', 'training', '1.0'])
    expect(above('Fifty epochs')).toEqual(['Fifty epochs', 'training', 'loss'])
  })

  test('marks none without validation, and where the name does not tell what is better', () => {
    const without: readonly Curves[] = [{ loss: [3, 2] }, { score: [1, 2], valScore: [1, 3] }]
    for (const numbers of without) {
      const svg = learningCurves(numbers)
      expect(readPicture(svg).elements.some(({ name }) => name === 'circle')).toBe(false)
      expect(words(svg).some(text => text.startsWith('best'))).toBe(false)
    }
    expect(words(learningCurves({ loss: [3, 2] }))).not.toContain('validation')
  })

  test('has a plot for each number but the learning rate, beside each other where there is room', () => {
    const titlesOf = (svg: string) =>
      readPicture(svg).texts.filter(({ text }) => text === 'loss' || text === 'accuracy')
    const [loss, accuracy] = titlesOf(learningCurves(curves))
    expect(accuracy.y).toBe(loss.y)
    expect(accuracy.x).toBeGreaterThan(loss.x + 340)
    const [above, below] = titlesOf(learningCurves(curves, { width: 500 }))
    expect(below.x).toBe(above.x)
    expect(below.y).toBeGreaterThan(above.y + 200)
    expect(words(learningCurves(curves))).not.toContain('learning rate')
    expect(words(learningCurves(curves, { metrics: ['learningRate'] }))).toContain('Learning rate')
    expect(words(learningCurves(curves))[0]).toBe('Learning curves')
    const widths = [['loss'], ['loss', 'accuracy']].map(
      metrics => readPicture(learningCurves(curves, { metrics })).width,
    )
    expect(widths).toEqual([440, 880])
  })

  test("draws a reference's curves thinly behind, as far as they go", () => {
    const reference = {
      name: 'Keras <3>',
      history: { loss: [1, 0.5, 0.4, 0.3, 0.2, 0.1, 0], valLoss: [0.5, 0.4] },
    }
    const svg = learningCurves(historyOf(curves), { metrics: ['loss', 'accuracy'], reference })
    const lines = linesOf(readPicture(svg)).map(({ attributes, runs }) => [attributes.class, runs[0].length])
    expect(lines).toEqual([
      ['line-muted', 7],
      ['line-muted', 2],
      ['line-1', 5],
      ['line-2', 5],
      ['line-1', 5],
      ['line-2', 5],
    ])
    expect(words(svg)).toContain('Keras <3>')
    const shown = readPicture(learningCurves(curves, { metrics: ['loss'], reference }))
    const [solid, dashed] = linesOf(shown)
    expect([solid, dashed].map(({ attributes }) => attributes['stroke-dasharray'])).toEqual([
      undefined,
      '7 4',
    ])
    const { valueAt, epochs } = axesOf(shown)
    expect(epochs.at(-1)).toBe(7)
    expectClose(
      solid.runs[0].map(([, y]) => valueAt(y)),
      reference.history.loss,
      tolerance([1]),
    )
    const without = learningCurves(curves, { metrics: ['accuracy'], reference })
    expect(words(without)).not.toContain('Keras <3>')
  })

  test('shows one epoch as points, and leaves gaps for what is not finite', () => {
    const one = readPicture(learningCurves({ loss: [0.5], valLoss: [0.7] }))
    const points = one.elements.filter(({ name }) => name === 'circle').map(({ attributes }) => attributes)
    expect(points.map(point => point.class)).toEqual(['series-1', 'series-2'])
    const { valueAt, epochs } = axesOf(one)
    expect(epochs).toEqual([1])
    expectClose(
      points.map(({ cy }) => valueAt(Number(cy))),
      [0.5, 0.7],
      { rtol: 1e-3, atol: 0 },
    )
    expectNothingCut(one)

    const gaps = readPicture(learningCurves({ loss: [1, 2, Number.NaN, 3, Number.POSITIVE_INFINITY, 1, 2] }))
    expect(linesOf(gaps)[0].runs.map(run => run.length)).toEqual([2, 1, 2])
    expect(gaps.elements.filter(({ name }) => name === 'circle').length).toBe(1)
    expectNothingCut(readPicture(learningCurves({ loss: [Number.NaN, Number.NaN] })))
  })

  test('writes numbers of any size beside its axes', () => {
    const numbersOf = (loss: readonly number[]) => axesOf(readPicture(learningCurves({ loss }))).values
    expect(numbersOf([1e-7, 3e-7])).toEqual(['1e−7', '1.5e−7', '2e−7', '2.5e−7', '3e−7'])
    expect(numbersOf([0, 4e6])).toEqual(['0', '1e6', '2e6', '3e6', '4e6'])
    expect(numbersOf([0, 40_000])).toEqual(['0', '10,000', '20,000', '30,000', '40,000'])
    expect(numbersOf([-2, 2])).toEqual(['−2', '−1', '0', '1', '2'])
    expect(numbersOf([0, 0])).toContain('1.0')
    const same = axesOf(readPicture(learningCurves({ loss: [0.25, 0.25] }))).values.map(Number)
    expect(Math.min(...same) < 0.25 && Math.max(...same) > 0.25).toBe(true)
  })

  test('counts epochs in round numbers from 1', () => {
    const epochsOf = (epochs: number) =>
      axesOf(readPicture(learningCurves({ loss: Array.from({ length: epochs }, (_, i) => i) }))).epochs
    expect(epochsOf(2)).toEqual([1, 2])
    expect(epochsOf(50)).toEqual([1, 10, 20, 30, 40, 50])
    expect(epochsOf(1000)).toEqual([1, 200, 400, 600, 800, 1000])
  })

  test('leaves out what a History does not have for every epoch', () => {
    const history = historyOf({ loss: [3, 2, 1], extra: [1, 2, 3] })
    history.history.extra.pop()
    expect(words(learningCurves(history))).not.toContain('extra')
    expect(words(learningCurves({ loss: [3, 2, 1], extra: [1, 2] }))).toContain('extra')
  })

  test('cuts nothing and gives the same text again, whatever is drawn', () => {
    const value = fc.oneof(
      fc.double({ min: -1e38, max: 1e38 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 1e-9, max: 1e-6, noNaN: true }),
    )
    const numbers = fc.array(value, { minLength: 1, maxLength: 40 })
    const names = ['valLoss', 'accuracy', 'valAccuracy', 'aMetricWithALongNameOfItsOwn<&>']
    const drawn: fc.Arbitrary<Curves> = fc
      .tuple(numbers, fc.dictionary(fc.constantFrom(...names), numbers))
      .map(([loss, others]) => ({ loss, ...others }))
    const options = fc.record(
      {
        width: fc.integer({ min: 240, max: 1600 }),
        title: fc.string({ maxLength: 60 }),
        reference: fc.record({ name: fc.string({ minLength: 1, maxLength: 40 }), history: drawn }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(drawn, options, (history, given) => {
        const svg = learningCurves(history, given)
        const shown = readPicture(svg)
        expectNothingCut(shown)
        expect(shown.texts.some(({ text }) => /^best .*…/.test(text))).toBe(false)
        for (const { runs } of linesOf(shown)) {
          for (const [x, y] of runs.flat()) {
            expect(x > 0 && x < shown.width && y > 0 && y < shown.height).toBe(true)
          }
        }
        expect(learningCurves(history, given)).toBe(svg)
      }),
      { numRuns: 150 },
    )
  })

  test('cuts names that have no room', () => {
    const metric = `loss${'Wide'.repeat(10)}`
    const history = { [metric]: [1, 2], [`valL${metric.slice(1)}`]: [3, 1] }
    const reference = { name: 'W'.repeat(40), history }
    const shown = readPicture(learningCurves(history, { width: 240, title: 'W'.repeat(40), reference }))
    expectNothingCut(shown)
    const texts = shown.texts.map(({ text }) => text)
    for (const start of ['WWWW', 'loss wide wide']) {
      expect(texts.some(text => text.startsWith(start) && text.endsWith('…'))).toBe(true)
    }
    expect(texts).toContain('best 1.0000')
  })

  test('refuses what it cannot draw', () => {
    const refused = (option: string, make: () => unknown, message: string) =>
      expectRefusal(make, 'learningCurves', option, message)
    refused('history', () => learningCurves({}), 'numbers of one epoch at least')
    refused('history', () => learningCurves({ loss: [] }), 'numbers of one epoch at least')
    refused('history', () => learningCurves(historyOf({ loss: [] })), 'numbers of one epoch at least')
    refused('history', () => learningCurves(null as never), 'a History, or lists of numbers by name')
    refused('history', () => learningCurves({ valLoss: [1] }), 'numbers of training among them')
    refused('history.loss', () => learningCurves({ loss: 3 } as never), 'a list of numbers')
    refused('history.loss[1]', () => learningCurves({ loss: [1, '2'] } as never), 'a number, NaN for none')
    refused('metrics', () => learningCurves(curves, { metrics: ['acc'] }), 'some of "loss", "accuracy"')
    refused('metrics', () => learningCurves(curves, { metrics: ['valLoss'] }), 'some of "loss", "accuracy"')
    refused('metrics', () => learningCurves(curves, { metrics: [] }), 'some of')
    refused('metric', () => learningCurves(curves, { metric: 'loss' } as never), 'metrics')
    refused('width', () => learningCurves(curves, { width: 100 }), 'from 240 to 4000')
    const reference = { name: 'a', history: { loss: [] } }
    refused('reference.history', () => learningCurves(curves, { reference }), 'one epoch at least')
    const nameless = { name: 3, history: curves } as never
    refused('reference.name', () => learningCurves(curves, { reference: nameless }), 'a string')
  })
})
