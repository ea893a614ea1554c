import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { classificationReport, type Scores } from '../../src/metrics/classification-report.ts'
import { confusionMatrix } from '../../src/metrics/confusion-matrix.ts'
import { formatClassificationReport } from '../../src/metrics/format-classification-report.ts'
import { misclassificationRate } from '../../src/metrics/misclassification-rate.ts'
import { flat } from '../../src/tensor/tensor.ts'

/** As golden/classification.py writes it. */
interface Golden {
  readonly name: string
  readonly true: readonly number[]
  readonly pred: readonly number[]
  readonly classNames: readonly string[] | null
  readonly classes: number
  readonly digits: number
  readonly matrix: { readonly [normalize in 'None' | 'true' | 'pred' | 'all']: readonly number[] }
  readonly report: { readonly accuracy: number } & { readonly [line: string]: SklearnScores }
  readonly text: string
}

interface SklearnScores {
  readonly precision: number
  readonly recall: number
  readonly 'f1-score': number
  readonly support: number
}

const cases: Golden[] = JSON.parse(
  readFileSync(new URL('../golden/classification.json', import.meta.url), 'utf8'),
)

const asSklearn = ({ precision, recall, f1, support }: Scores): SklearnScores => ({
  precision,
  recall,
  'f1-score': f1,
  support,
})

describe.each(cases)('as scikit-learn: $name', golden => {
  const { true: yTrue, pred: yPred, classes, classNames, digits } = golden
  const report = classificationReport(yTrue, yPred, classNames ? { classNames } : {})

  test('confusionMatrix', () => {
    // Without names, the number of classes follows from the largest index.
    const counts = confusionMatrix(yTrue, yPred, classNames ? { classes } : {})
    expect(counts.shape).toEqual([classes, classes])
    expect(Array.from(flat(counts))).toEqual(golden.matrix.None)
    for (const normalize of ['true', 'pred', 'all'] as const) {
      const shares = confusionMatrix(yTrue, yPred, { classes, normalize })
      expect(Array.from(flat(shares))).toEqual(golden.matrix[normalize])
    }
  })

  test('classificationReport, to the last bit', () => {
    const lines = { ...golden.report } as { [line: string]: unknown }
    const own: { [line: string]: unknown } = {
      accuracy: report.accuracy,
      'macro avg': asSklearn(report.macroAvg),
      'weighted avg': asSklearn(report.weightedAvg),
    }
    for (const c of report.classes) own[c.name] = asSklearn(c)
    expect(own).toEqual(lines)
    expect(report.classes.map(c => c.name)).toEqual(Object.keys(lines).slice(0, report.classes.length))
  })

  test('formatClassificationReport, character for character', () => {
    expect(formatClassificationReport(report, { digits })).toBe(golden.text)
    if (digits === 2) expect(formatClassificationReport(report)).toBe(golden.text)
  })

  test('misclassificationRate is what accuracy lacks', () => {
    expect(misclassificationRate(yTrue, yPred)).toBeCloseTo(1 - golden.report.accuracy, 14)
  })
})
