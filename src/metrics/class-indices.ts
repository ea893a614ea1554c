import { DataError, OptionError, ShapeError, show } from '../errors.ts'

/** Labels as class indices: an array, typed or not, of whole numbers from 0. */
export type ClassIndices = ArrayLike<number>

/**
 * Checks true and predicted classes against each other.
 *
 * @param owner who takes them, for the error: `confusionMatrix`
 * @param classes how many classes there may be; without it, any number
 * @returns one more than the largest index
 * @throws OptionError where one is no array
 * @throws ShapeError where the lengths differ or there is nothing
 * @throws DataError naming the first value that is no class index
 */
export function checkClassIndices(
  owner: string,
  yTrue: ClassIndices,
  yPred: ClassIndices,
  classes = Number.POSITIVE_INFINITY,
): number {
  for (const [name, y] of Object.entries({ yTrue, yPred })) {
    if (typeof y?.length === 'number') continue
    throw new OptionError(owner, name, y, 'an array of class indices')
  }
  if (yTrue.length !== yPred.length) {
    throw new ShapeError(owner, `yTrue has ${yTrue.length} rows and yPred ${yPred.length}, expected as many`)
  }
  if (yTrue.length === 0) throw new ShapeError(owner, 'yTrue and yPred are empty, expected at least one row')
  return 1 + Math.max(largestOf('yTrue', yTrue, classes), largestOf('yPred', yPred, classes))
}

function largestOf(name: string, y: ClassIndices, classes: number): number {
  const expected = Number.isFinite(classes) ? `from 0 to ${classes - 1}` : 'of at least 0'
  let largest = 0
  for (let i = 0; i < y.length; i++) {
    const label = y[i]
    if (!Number.isSafeInteger(label) || label < 0 || label >= classes) {
      throw new DataError(
        { file: name, row: i + 1 },
        `the class is ${show(label)}, expected a whole number ${expected}`,
      )
    }
    if (label > largest) largest = label
  }
  return largest
}
