import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classificationReport } from '../../src/metrics/classification-report.ts'
import { formatClassificationReport } from '../../src/metrics/format-classification-report.ts'
import { classScoreBars } from '../../src/report/class-score-bars.ts'
import { expectClose } from '../support/compare.ts'
import { expectNothingCut, readPicture } from '../support/picture.ts'
import { expectRefusal, leastOf } from '../support/refusals.ts'

const yTrue = [0, 0, 0, 1, 1, 2, 2, 2, 2]
const yPred = [0, 0, 1, 1, 2, 2, 2, 2, 0]
const report = classificationReport(yTrue, yPred, { classNames: ['Bag', 'Coat <&>', 'Ankle boot'] })

describe('classScoreBars', () => {
  test('writes the numbers that formatClassificationReport prints', () => {
    const shown = readPicture(classScoreBars(report))
    const texts = shown.texts.map(({ text }) => text)
    expect(texts.slice(0, 6)).toEqual([
      'Scores of each class',
      'A bar across its whole track is 1',
      'precision',
      'recall',
      'F1 score',
      'support',
    ])
    const printed = formatClassificationReport(report)
      .split('\n')
      .slice(1)
      .filter(line => line !== '')
      .flatMap(line => line.trim().split(/\s{2,}/))
    expect(texts.slice(6)).toEqual(printed)
    expectNothingCut(shown)
  })

  test('draws each score as its share of a track', () => {
    const shown = readPicture(classScoreBars(report))
    const rects = shown.elements.filter(({ name }) => name === 'rect').map(({ attributes }) => attributes)
    const tracks = rects.filter(rect => rect.class === 'track')
    const bars = rects.filter(rect => rect.class === 'series-1')
    const { classes, accuracy, macroAvg, weightedAvg } = report
    const scores = [
      ...classes.flatMap(({ precision, recall, f1 }) => [precision, recall, f1]),
      accuracy,
      ...[macroAvg, weightedAvg].flatMap(({ precision, recall, f1 }) => [precision, recall, f1]),
    ]
    expect(new Set(tracks.map(({ width }) => width)).size).toBe(1)
    const shares = bars.map(({ width }, i) => Number(width) / Number(tracks[i].width))
    expectClose(shares, scores, { rtol: 0, atol: 1e-3 })
    expect(bars.map(({ x, y }) => [x, y])).toEqual(tracks.map(({ x, y }) => [x, y]))
    // Accuracy stands in the column of F1 scores.
    expect(bars[9].x).toBe(bars[2].x)
  })

  test('cuts nothing, whatever the names, supports and width', () => {
    const scores = { precision: 0.5, recall: 1, f1: 2 / 3, support: 123_456_789 }
    const drawn = fc.record(
      {
        names: fc.array(fc.oneof(fc.string({ maxLength: 40 }), fc.constant('Mw gil'.repeat(7).slice(2))), {
          minLength: 1,
          maxLength: 30,
        }),
        width: fc.integer({ min: 480, max: 1600 }),
      },
      { requiredKeys: ['names'] },
    )
    fc.assert(
      fc.property(drawn, ({ names, width }) => {
        const classes = names.map(name => ({ ...scores, name }))
        const all = { classes, accuracy: 1, macroAvg: scores, weightedAvg: scores }
        const svg = classScoreBars(all, { width })
        const shown = readPicture(svg)
        expectNothingCut(shown)
        if (width) expect(shown.width).toBe(width)
        else expect(shown.texts.some(({ text }) => text.endsWith('…'))).toBe(false)
        expect(classScoreBars(all, { width })).toBe(svg)
      }),
      { numRuns: 100 },
    )
  })

  test('cuts names where the width has no room for them, down to the least that it asks for', () => {
    const classes = report.classes.map((scores, i) => ({ ...scores, name: 'WiM'.repeat(13).slice(i) }))
    const draw = (width: number) => classScoreBars({ ...report, classes }, { width })
    const least = leastOf(() => draw(240))
    for (const width of [least, least + 1, 500, 700]) {
      const shown = readPicture(draw(width))
      expectNothingCut(shown)
      expect(shown.width).toBe(width)
      expect(shown.texts.filter(({ text }) => /^WiM.*…$|^iM.*…$|^MW.*…$/.test(text)).length).toBe(
        width < 700 ? 3 : 0,
      )
    }
    expect(() => draw(least - 1)).toThrow(`at least ${least}`)
  })

  test('refuses what it cannot draw', () => {
    const refused = (option: string, make: () => unknown, message: string) =>
      expectRefusal(make, 'classScoreBars', option, message)
    refused('report', () => classScoreBars({ ...report, classes: [] }), 'one class at least')
    refused('report', () => classScoreBars('text' as never), 'what classificationReport gives')
    refused('width', () => classScoreBars(report, { width: 240 }), 'at least 3')
    refused('classNames', () => classScoreBars(report, { classNames: [] } as never), 'no option of this name')
  })
})

test('cuts names that would take more room than all the rest, and long titles', () => {
  const report = classificationReport([0, 1, 1], [0, 1, 0], { classNames: ['x'.repeat(500), 'b'] })
  const shown = readPicture(classScoreBars(report, { title: 'y'.repeat(500) }))
  expect(shown.width).toBeLessThan(1200)
  expect(shown.texts.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^x+…$/))
  expectNothingCut(shown)
})

test('refuses a title that is no text', () => {
  const report = classificationReport([0, 1], [0, 1])
  expect(() => classScoreBars(report, { title: 5 as never })).toThrow(
    'classScoreBars: title is 5, expected a string',
  )
})
