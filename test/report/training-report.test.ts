import { Dense, Sequential } from 'convnet-ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { ShapeError } from '../../src/errors.ts'
import { classificationReport } from '../../src/metrics/classification-report.ts'
import { confusionMatrix } from '../../src/metrics/confusion-matrix.ts'
import { fourDigits } from '../../src/report/picture/four-digits.ts'
import { type TrainingReport, trainingReport } from '../../src/report/training-report.ts'
import { fixed } from '../../src/text/fixed.ts'
import { historyOf } from '../support/histories.ts'
import { type HtmlElement, readHtml } from '../support/html.ts'
import { expectRefusal } from '../support/refusals.ts'
import { HOSTILE_NAMES, reportedTraining } from '../support/reported.ts'

const named = (elements: readonly HtmlElement[], name: string) => elements.filter(e => e.name === name)

function headingsOf(content: TrainingReport): string[] {
  return named(readHtml(trainingReport(content)), 'h2').map(({ text }) => text)
}

describe('trainingReport', () => {
  let content: Awaited<ReturnType<typeof reportedTraining>>
  let html: string
  let elements: HtmlElement[]
  let texts: string[]
  beforeAll(async () => {
    content = await reportedTraining()
    html = trainingReport(content)
    elements = readHtml(html)
    texts = elements.map(({ text }) => text)
  })

  test('has every number of the history and of the test', () => {
    const { history, evaluation } = content
    const cells = named(elements, 'td').map(({ text }) => text)
    for (const values of [...Object.values(history.history), Object.values(evaluation.logs)]) {
      expect(values.length).toBeGreaterThan(1)
      for (const value of values) expect(cells).toContain(fourDigits(value))
    }
  })

  test('has the same scores in the table and in the picture', () => {
    const { yTrue, yPred } = content.evaluation
    const { classes } = classificationReport(yTrue, yPred, { classNames: HOSTILE_NAMES })
    const cells = named(elements, 'td').map(({ text }) => text)
    const inPictures = named(elements, 'text').map(({ text }) => text)
    expect(new Set(yPred).size).toBe(3)
    for (const score of classes.flatMap(({ precision, recall, f1 }) => [precision, recall, f1])) {
      expect(cells).toContain(fixed(score, 2))
      expect(inPictures).toContain(fixed(score, 2))
    }
  })

  test('has the confusion as counts and as shares', () => {
    const { yTrue, yPred } = content.evaluation
    const inPictures = named(elements, 'text').map(({ text }) => text)
    const matrices = [confusionMatrix(yTrue, yPred), confusionMatrix(yTrue, yPred, { normalize: 'true' })]
    for (const [i, digits] of [0, 2].entries()) {
      for (const value of matrices[i].data) {
        if (value !== 0) expect(inPictures).toContain(value.toFixed(digits))
      }
    }
  })

  test('has all sections and pictures', () => {
    const sections = ['Result', 'Learning curves', 'Classes', 'Confusion', 'Predictions', 'The model']
    expect(named(elements, 'h2').map(({ text }) => text)).toEqual(sections)
    // Loss, accuracy; scores; two of confusion; predictions; filters, maps.
    expect(named(elements, 'figure')).toHaveLength(8)
    expect(named(elements, 'svg')).toHaveLength(8)
    expect(named(elements, 'pre')[0].text).toContain('conv2d (Conv2D)')
    const facts = named(elements, 'dd').map(({ text }) => text)
    expect(facts).toContain('sequential, 151 weights')
    expect(facts).toContain('noise & <stripes>')
    expect(facts.some(text => /^adam, learningRate 0\.001, /.test(text))).toBe(true)
    expect(facts.some(text => /^3 epochs in [\d.]+ s, and [\d.]+ s of validation$/.test(text))).toBe(true)
  })

  test('leaves out what is not given', () => {
    const { history, model, evaluation } = content
    expect(headingsOf({ history })).toEqual(['Result', 'Learning curves'])
    expect(headingsOf({ history, model })).toEqual(['Result', 'Learning curves', 'The model'])
    const { yTrue, yPred } = evaluation
    expect(headingsOf({ history, evaluation: { yTrue, yPred } })).toEqual([
      'Result',
      'Learning curves',
      'Classes',
      'Confusion',
    ])
    expect(named(readHtml(trainingReport({ history })), 'title')[0].text).toBe('Training report')
  })

  test('has no filters of a model without a convolution', async () => {
    const model = new Sequential([new Dense({ units: 1 })], { inputShape: [2] })
    const report = readHtml(trainingReport({ history: historyOf({ loss: [1] }), model }))
    expect(named(report, 'pre')[0].text).toContain('dense (Dense)')
    expect(named(report, 'figure')).toHaveLength(1)
  })

  test('tells the weights of the model alone, and what a schedule did to the learning rate', async () => {
    const { model } = content
    const summary = named(elements, 'pre')[0].text
    expect(summary).toContain('Trainable params: 151 (604.00 B)')
    expect(summary).not.toMatch(/Total|Optimizer/)
    const history = historyOf({ loss: [2, 1], learningRate: [0.01, 0.001] })
    const facts = named(readHtml(trainingReport({ history, model })), 'dd').map(({ text }) => text)
    const changed = '; learningRate was 0.01 in the first epoch and 0.001 in the last'
    expect(facts.filter(text => text.startsWith('adam, ') && text.endsWith(changed))).toHaveLength(1)
  })

  test('takes no text for markup', () => {
    expect(named(elements, 'script')).toEqual([])
    expect(named(elements, 'i')).toEqual([])
    for (const name of HOSTILE_NAMES) expect(texts).toContain(name)
    expect(named(elements, 'h1')[0].text).toBe('A <toy>')
  })

  test('refers to nothing but itself', () => {
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const links = elements.flatMap(({ attributes }) => attributes.href ?? [])
    const inside = links.filter(link => link.startsWith('#'))
    expect(inside.length).toBeGreaterThan(5)
    for (const link of inside) expect(ids).toContain(link.slice(1))
    for (const link of links) expect(link).toMatch(/^(#|data:image\/png;base64,)/)
    const svgNamespace = 'http://www.w3.org/2000/svg'
    expect(html.replaceAll(`xmlns="${svgNamespace}"`, '')).not.toMatch(/https?:|@import|src=|url\((?!#)/)
  })

  test('is the same for the same training', () => {
    expect(trainingReport(content)).toBe(html)
  })

  test('refuses parts that do not fit, and options that there are not', () => {
    const { history, evaluation } = content
    const refused: readonly [unknown, string, string, string][] = [
      [{ history: { loss: [1] } }, 'trainingReport', 'history', 'expected what fit gave'],
      [{ history: historyOf({ loss: [] }) }, 'trainingReport', 'history', 'one epoch at least'],
      [undefined, 'trainingReport', 'options', 'expected an object'],
      [{ history, title: 5 }, 'trainingReport', 'title', 'expected a string'],
      [{ history, facts: { a: 1 } }, 'trainingReport', 'facts.a', 'expected a string'],
      [{ history, facts: 'all' }, 'trainingReport', 'facts', 'a string for each name'],
      [{ history, evaluation: 5 }, 'trainingReport: evaluation', 'options', 'expected an object'],
      [
        { history, evaluation: { ...evaluation, logs: ['x'] } },
        'trainingReport: evaluation',
        'logs',
        'a number for each name',
      ],
      [
        { history, evaluation: { ...evaluation, classNames: 5 } },
        'classificationReport',
        'classNames',
        'a list of strings',
      ],
      [{ history, eval: 1 }, 'trainingReport', 'eval', 'no option of this name'],
      [{ history, model: {} }, 'trainingReport', 'model', 'expected the Sequential that was trained'],
      [{ history, evaluation: { y: [1] } }, 'trainingReport: evaluation', 'y', 'no option of this name'],
      [{ history, evaluation: {} }, 'classificationReport', 'yTrue', 'an array of class indices'],
    ]
    for (const [wrong, owner, option, message] of refused) {
      expectRefusal(() => trainingReport(wrong as TrainingReport), owner, option, message)
    }
    const short = { ...evaluation, yPred: evaluation.yPred.subarray(1) }
    expect(() => trainingReport({ history, evaluation: short })).toThrow(ShapeError)
  })
})
