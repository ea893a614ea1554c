import { type ClassIndices, checkClassIndices } from './class-indices.ts'

/**
 * The share of rows, 0 to 1, whose predicted class is not the true one: 1 − accuracy.
 *
 * @throws ShapeError (different lengths, or empty), DataError (no class index)
 * @example
 * misclassificationRate([0, 1, 1, 2], [0, 1, 2, 2]) // 0.25
 */
export function misclassificationRate(yTrue: ClassIndices, yPred: ClassIndices): number {
  checkClassIndices('misclassificationRate', yTrue, yPred)
  let wrong = 0
  for (let row = 0; row < yTrue.length; row++) if (yTrue[row] !== yPred[row]) wrong++
  return wrong / yTrue.length
}
