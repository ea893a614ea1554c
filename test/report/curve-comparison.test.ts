import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { curveComparison } from '../../src/report/curve-comparison.ts'
import { axesOf, linesOf } from '../support/charts.ts'
import { expectClose } from '../support/compare.ts'
import { historyOf } from '../support/histories.ts'
import { expectNothingCut, readPicture } from '../support/picture.ts'
import { expectRefusal } from '../support/refusals.ts'

const runs = {
  small: historyOf({ loss: [2, 1, 1], valAccuracy: [0.7, 0.8, 0.79] }),
  'large & <slow>': { valAccuracy: [0.6, 0.85, 0.9, 0.88], other: [1] },
}

describe('curveComparison', () => {
  test('draws one number of each training, with its name and its best value at its end', () => {
    const svg = curveComparison(runs)
    const shown = readPicture(svg)
    const { epochAt, valueAt } = axesOf(shown)
    const lines = linesOf(shown)
    expect(lines.map(({ attributes }) => attributes.class)).toEqual(['line-1', 'line-2'])
    expect(lines.map(({ attributes }) => attributes['stroke-dasharray'])).toEqual([undefined, '7 4'])
    const close = { rtol: 1e-3, atol: 0 }
    expectClose(
      lines[0].runs[0].map(([, y]) => valueAt(y)),
      [0.7, 0.8, 0.79],
      close,
    )
    expectClose(
      lines[1].runs[0].map(([, y]) => valueAt(y)),
      [0.6, 0.85, 0.9, 0.88],
      close,
    )
    expectClose(
      lines[1].runs[0].map(([x]) => epochAt(x)),
      [1, 2, 3, 4],
      close,
    )
    const points = shown.elements.filter(({ name }) => name === 'circle').map(({ attributes }) => attributes)
    expect(points.map(point => point.class)).toEqual(['series-1', 'series-2'])
    expectClose(
      points.map(({ cx }) => epochAt(Number(cx))),
      [2, 3],
      close,
    )
    expectClose(
      points.map(({ cy }) => valueAt(Number(cy))),
      [0.8, 0.9],
      close,
    )

    const named = shown.texts.filter(({ class: paint }) => paint.startsWith('series-'))
    expect(named.map(({ text, class: paint }) => [text, paint])).toEqual([
      ['small', 'series-1'],
      ['large & <slow>', 'series-2'],
    ])
    // The higher line's name is the higher one.
    expect(named[1].y).toBeLessThan(named[0].y)
    const texts = shown.texts.map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['best 0.8000', 'best 0.9000', 'epoch']))
    expect(texts.slice(0, 2)).toEqual(['Validation accuracy', '0.60'])
  })

  test('counts epochs as a History does', () => {
    const resumed = historyOf({ valAccuracy: [0.7, 0.9, 0.8] })
    resumed.epoch = [4, 5, 6]
    const shown = readPicture(curveComparison({ resumed, other: { valAccuracy: [0.5, 0.6] } }))
    const { epochs, epochAt } = axesOf(shown)
    expect(epochs).toEqual([1, 2, 3, 4, 5, 6, 7])
    const points = shown.elements.filter(({ name }) => name === 'circle')
    expectClose(
      points.map(({ attributes }) => epochAt(Number(attributes.cx))),
      [6, 2],
      { rtol: 1e-3, atol: 0 },
    )
  })

  test('draws sixteen lines of which no two look alike', () => {
    const many = Object.fromEntries(
      Array.from({ length: 16 }, (_, i) => [`run ${i}`, { loss: [1, 1 / (i + 1)] }]),
    )
    const shown = readPicture(curveComparison(many, { metric: 'loss' }))
    const looks = linesOf(shown).map(
      ({ attributes }) => `${attributes.class} ${attributes['stroke-dasharray']}`,
    )
    expect(new Set(looks).size).toBe(16)
    expectNothingCut(shown)
  })

  test('cuts nothing, whatever is drawn', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 30 })
    const drawn = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 40 }),
      numbers.map(valLoss => ({ valLoss })),
      { minKeys: 1, maxKeys: 16, noNullPrototype: true },
    )
    fc.assert(
      fc.property(
        drawn,
        fc.option(fc.integer({ min: 240, max: 1200 }), { nil: undefined }),
        (histories, width) => {
          const svg = curveComparison(histories, { metric: 'valLoss', width })
          const shown = readPicture(svg)
          expectNothingCut(shown)
          expect(shown.texts.some(({ text }) => /^best .*…/.test(text))).toBe(false)
          expect(curveComparison(histories, { metric: 'valLoss', width })).toBe(svg)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('refuses what it cannot draw', () => {
    const refused = (option: string, make: () => unknown, message: string) =>
      expectRefusal(make, 'curveComparison', option, message)
    refused('histories', () => curveComparison({}), 'from 1 to 16')
    refused('histories', () => curveComparison(undefined as never), 'from 1 to 16')
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [i, runs.small]))
    refused('histories', () => curveComparison(many), 'from 1 to 16')
    refused(
      'metric',
      () => curveComparison(runs, { metric: 'loss' }),
      'large & <slow> has "valAccuracy", "other"',
    )
    refused('histories.a', () => curveComparison({ a: {} }), 'one epoch at least')
    refused('metrics', () => curveComparison(runs, { metrics: [] } as never), 'metric')
  })
})
