import type { ClassificationReport, Scores } from './classification-report.ts'

/** Digits behind the point of a score, unless others are asked for. */
export const SCORE_DIGITS = 2

/** A row of a classification report as it is shown: a class, or one of the numbers that sum up all of them. */
export interface ScoreRow extends Partial<Scores> {
  readonly name: string
  readonly f1: number
  readonly support: number
}

/** The rows of a classification report as scikit-learn has them. Accuracy stands in the column of F1 scores. */
export function scoreRows({ classes, accuracy, macroAvg, weightedAvg }: ClassificationReport): {
  classes: readonly ScoreRow[]
  summary: readonly ScoreRow[]
} {
  return {
    classes,
    summary: [
      { name: 'accuracy', f1: accuracy, support: macroAvg.support },
      { name: 'macro avg', ...macroAvg },
      { name: 'weighted avg', ...weightedAvg },
    ],
  }
}
