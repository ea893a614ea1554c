import { OptionError, ShapeError, show } from '../../errors.ts'
import { formatShape } from '../../tensor/shape.ts'
import { isTensor, type Tensor } from '../../tensor/tensor.ts'
import { checkClassNames } from '../picture/check-classes.ts'

/** More cannot be told apart, and the picture of their cells takes many megabytes. */
export const MAX_CLASSES = 200

/**
 * Checks a confusion matrix, and that there is a name for each of its classes.
 * @throws OptionError, ShapeError
 */
export function checkMatrix(
  owner: string,
  matrix: Tensor<Float64Array>,
  classNames: readonly string[] | undefined,
): void {
  checkClassNames(owner, classNames)
  if (!isTensor(matrix)) {
    throw new OptionError(owner, 'matrix', matrix, 'a tensor [classes, classes], as confusionMatrix gives it')
  }
  const [down = 0, across] = matrix.shape
  const found = formatShape(matrix.shape)
  if (matrix.dimension !== 2 || down !== across || down === 0) {
    throw new ShapeError(owner, `the matrix has shape ${found}, expected as many rows as columns`)
  }
  if (down > MAX_CLASSES) {
    throw new OptionError(owner, 'matrix', matrix, `one of at most ${MAX_CLASSES} classes, and not ${down}`)
  }
  if (classNames && classNames.length !== down) {
    throw new ShapeError(
      owner,
      `the matrix has shape ${found}, but there are ${classNames.length} class names`,
    )
  }
  const values = Array.from({ length: down * down }, (_, i) => matrix.get(Math.floor(i / down), i % down))
  const bad = values.find(value => !(Number.isFinite(value) && value >= 0))
  if (bad === undefined) return
  throw new OptionError(owner, 'matrix', matrix, `counts or shares of at least 0, and not ${show(bad)}`)
}
