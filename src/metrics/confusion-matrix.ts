import ops from 'ndarray-ops'
import { checkOptions, oneOf, wholeNumber } from '../options.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { type ClassIndices, checkClassIndices } from './class-indices.ts'
import { markShares } from './confusion-unit.ts'

/** A matrix for more classes would take more than 800 MB. */
const MAX_CLASSES = 10_000

/** Options of {@link confusionMatrix}. */
export interface ConfusionMatrixOptions {
  /** How many classes there are, 10,000 at most. Default: one more than the largest index given. */
  readonly classes?: number
  /**
   * Makes shares of the counts: of the rows that truly are of a class (`true`: the diagonal is the recall), of those
   * predicted as it (`pred`: the precision), or of all. A class without rows gets zeros. Default: counts.
   */
  readonly normalize?: 'true' | 'pred' | 'all'
}

/**
 * Counts the rows of true class i (down) that were predicted as class j (across).
 *
 * Source: scikit-learn, `confusion_matrix`, which leaves out classes that do not occur unless it is told of them.
 *
 * @param yTrue the true class of each row
 * @param yPred the predicted class of each row
 * @returns [classes, classes]
 * @throws OptionError, ShapeError (different lengths, or empty), DataError (no class index, or one above 9,999)
 * @example
 * confusionMatrix([0, 1, 1], [0, 1, 0]).get(1, 0) // 1: one row of class 1 was taken for class 0
 */
export function confusionMatrix(
  yTrue: ClassIndices,
  yPred: ClassIndices,
  options: ConfusionMatrixOptions = {},
): Tensor<Float64Array> {
  const owner = 'confusionMatrix'
  checkOptions(owner, options, ['classes', 'normalize'])
  const { classes, normalize } = options
  if (classes !== undefined) wholeNumber(owner, 'classes', classes, { min: 1, max: MAX_CLASSES })
  if (normalize !== undefined) oneOf(owner, 'normalize', normalize, ['true', 'pred', 'all'])

  const found = checkClassIndices(owner, yTrue, yPred, classes ?? MAX_CLASSES)
  const k = classes ?? found
  const matrix = tensor(new Float64Array(k * k), [k, k])
  for (let row = 0; row < yTrue.length; row++) matrix.data[yTrue[row] * k + yPred[row]] += 1
  if (normalize) {
    const each = Array.from({ length: k }, (_, c) => c)
    const { groups, unit } = {
      true: { groups: each.map(c => matrix.pick(c, null)), unit: 'share of true class' as const },
      pred: { groups: each.map(c => matrix.pick(null, c)), unit: 'share of predicted class' as const },
      all: { groups: [matrix], unit: 'share of samples' as const },
    }[normalize]
    for (const group of groups) {
      const total = ops.sum(group)
      if (total > 0) ops.divseq(group, total)
    }
    markShares(matrix, unit)
  }
  return matrix
}
