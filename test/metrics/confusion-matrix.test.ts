import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DataError, OptionError, ShapeError } from '../../src/errors.ts'
import { confusionMatrix } from '../../src/metrics/confusion-matrix.ts'
import { expectClose } from '../support/compare.ts'

const pairs = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 1, maxLength: 40 })
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)

describe('confusionMatrix', () => {
  test('has the true classes down and the predicted across', () => {
    const matrix = confusionMatrix(Uint8Array.of(0, 1, 1, 1), Int32Array.of(0, 1, 0, 2))
    expect(matrix.shape).toEqual([3, 3])
    expect(Array.from(matrix.data)).toEqual([1, 0, 0, 1, 1, 1, 0, 0, 0])
    expect(matrix.get(1, 2)).toBe(1)
  })

  test('counts each pair of classes', () => {
    fc.assert(
      fc.property(pairs, rows => {
        const [yTrue, yPred] = [rows.map(([t]) => t), rows.map(([, p]) => p)]
        const counts = confusionMatrix(yTrue, yPred, { classes: 6 })
        for (let i = 0; i < 6; i++)
          for (let j = 0; j < 6; j++)
            expect(counts.get(i, j)).toBe(rows.filter(([t, p]) => t === i && p === j).length)
      }),
    )
  })

  test('makes shares that sum to 1, or to 0 for a class that is absent', () => {
    fc.assert(
      fc.property(pairs, rows => {
        const [yTrue, yPred] = [rows.map(([t]) => t), rows.map(([, p]) => p)]
        const shares = (normalize: 'true' | 'pred' | 'all') =>
          confusionMatrix(yTrue, yPred, { classes: 6, normalize })
        const axis = [0, 1, 2, 3, 4, 5]
        const near = { rtol: 1e-14, atol: 0 }
        const ofRows = axis.map(i => sum(axis.map(j => shares('true').get(i, j))))
        const ofColumns = axis.map(j => sum(axis.map(i => shares('pred').get(i, j))))
        expectClose(
          ofRows,
          axis.map(i => (yTrue.includes(i) ? 1 : 0)),
          near,
        )
        expectClose(
          ofColumns,
          axis.map(j => (yPred.includes(j) ? 1 : 0)),
          near,
        )
        expectClose([sum(Array.from(shares('all').data))], [1], near)
      }),
    )
  })

  test('changes nothing of what it is given', () => {
    const yTrue = Int32Array.of(1, 0)
    confusionMatrix(yTrue, [0, 1], { normalize: 'true' })
    expect(yTrue).toEqual(Int32Array.of(1, 0))
  })

  test.each([
    [{ classes: 0 }, 'classes is 0, expected a whole number from 1 to 10000'],
    [{ classes: 10_001 }, 'classes is 10001, expected a whole number from 1 to 10000'],
    [{ normalize: 'rows' }, 'normalize is "rows", expected one of "true", "pred", "all"'],
    [{ labels: [1] }, 'labels is [1], expected no option of this name (options: classes, normalize)'],
  ])('refuses the options %j', (options, message) => {
    expect(() => confusionMatrix([0], [0], options as never)).toThrow(`confusionMatrix: ${message}`)
    expect(() => confusionMatrix([0], [0], options as never)).toThrow(OptionError)
  })

  test('refuses what are no class indices, naming array and row', () => {
    expect(() => confusionMatrix([0, 1], [0])).toThrow(ShapeError)
    expect(() => confusionMatrix([0, 1], [0])).toThrow('yTrue has 2 rows and yPred 1')
    expect(() => confusionMatrix([], [])).toThrow(ShapeError)
    expect(() => confusionMatrix({ size: 3 } as never, [1])).toThrow(OptionError)
    for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 10_000, '1'] as number[]) {
      expect(() => confusionMatrix([0, bad], [0, 0])).toThrow(DataError)
      expect(() => confusionMatrix([0, 0], [0, bad])).toThrow(
        /^yPred, row 2: the class is .*, expected a whole number from 0 to 9999$/,
      )
    }
    expect(() => confusionMatrix([3], [0], { classes: 3 })).toThrow(
      'yTrue, row 1: the class is 3, expected a whole number from 0 to 2',
    )
  })
})
