import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DataError, OptionError, ShapeError } from '../../src/errors.ts'
import { classificationReport, type Scores } from '../../src/metrics/classification-report.ts'
import { expectClose } from '../support/compare.ts'

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length

test('has the scores of their definitions, for any number of classes', () => {
  const batch = fc
    .integer({ min: 1, max: 300 })
    .chain(k => fc.array(fc.tuple(fc.nat(k - 1), fc.nat(k - 1)), { minLength: 1, maxLength: 600 }))
  fc.assert(
    fc.property(batch, rows => {
      const report = classificationReport(
        rows.map(([t]) => t),
        rows.map(([, p]) => p),
      )
      const occurring = [...new Set(rows.flat())].sort((a, b) => a - b)
      expect(report.classes.map(c => c.name)).toEqual(occurring.map(String))
      const near = { rtol: 1e-12, atol: 1e-14 }
      for (const { name, precision, recall, f1, support } of report.classes) {
        const own = Number(name)
        const right = rows.filter(([t, p]) => t === own && p === own).length
        const truly = rows.filter(([t]) => t === own).length
        expect(support).toBe(truly)
        expect(precision).toBe(ratio(right, rows.filter(([, p]) => p === own).length))
        expect(recall).toBe(ratio(right, truly))
        expectClose([f1], [ratio(2 * precision * recall, precision + recall)], near)
      }
      expect(report.accuracy).toBe(rows.filter(([t, p]) => t === p).length / rows.length)
      const scores = ['precision', 'recall', 'f1'] as const
      const ofRow = (t: number, score: keyof Scores) => report.classes[occurring.indexOf(t)][score]
      for (const score of scores) {
        expectClose([report.macroAvg[score]], [mean(report.classes.map(c => c[score]))], near)
        expectClose([report.weightedAvg[score]], [mean(rows.map(([t]) => ofRow(t, score)))], near)
      }
      expect(report.macroAvg.support).toBe(rows.length)
      expect(report.weightedAvg.support).toBe(rows.length)
    }),
    { numRuns: 60 },
  )
})

test('takes indices far above the number of classes', () => {
  const { classes, accuracy } = classificationReport([2 ** 33, 0, 7], [0, 0, 2 ** 33])
  expect(classes.map(({ name, support, recall }) => [name, support, recall])).toEqual([
    ['0', 1, 1],
    ['7', 1, 0],
    [String(2 ** 33), 1, 0],
  ])
  expect(accuracy).toBe(1 / 3)
})

test('refuses what does not fit', () => {
  expect(() => classificationReport([0, 2], [0, 1], { classNames: ['a', 'b'] })).toThrow(DataError)
  expect(() => classificationReport([0, 2], [0, 1], { classNames: ['a', 'b'] })).toThrow(
    'yTrue, row 2: the class is 2, expected a whole number from 0 to 1',
  )
  expect(() => classificationReport([0], [0], { classNames: [] })).toThrow(OptionError)
  expect(() => classificationReport([0], [0], { target_names: ['a'] } as never)).toThrow(OptionError)
  expect(() => classificationReport([0], [0, 1])).toThrow(ShapeError)
  expect(() => classificationReport([], [])).toThrow(ShapeError)
})
