import { OptionError, ShapeError, show } from '../errors.ts'
import { formatShape } from '../tensor/shape.ts'
import { isTensor, type Tensor } from '../tensor/tensor.ts'
import { heatMap } from './heat-map/heat-map.ts'
import { checkClassNames } from './picture/class-labels.ts'
import { checkPictureOptions, type PictureOptions } from './picture/picture.ts'

/** More cannot be told apart, and the picture of their cells takes many megabytes. */
const MOST_CLASSES = 200

/** Options of {@link confusionHeatMap}. */
export interface ConfusionHeatMapOptions extends PictureOptions {
  /** One for each class. Default: their indices. */
  readonly classNames?: readonly string[]
}

/**
 * A confusion matrix as a map of colours with its numbers: true classes down, predicted ones across. Counts are printed
 * whole, shares with two digits, as `formatConfusionMatrix` does. Numbers and names are left out where cells are too small
 * for them.
 *
 * @param matrix [classes, classes], 200 at most, as `confusionMatrix` gives it
 * @returns an SVG document
 * @throws OptionError for bad options, ShapeError for a matrix that is not square or has another number of classes
 * @example
 * confusionHeatMap(confusionMatrix(yTrue, yPred, { normalize: 'true' }), { classNames })
 */
export function confusionHeatMap(
  matrix: Tensor<Float64Array>,
  options: ConfusionHeatMapOptions = {},
): string {
  const owner = 'confusionHeatMap'
  const { theme } = checkPictureOptions(owner, options, ['classNames'])
  const names = checkNames(owner, matrix, options.classNames)
  const values = names.map((_, i) => names.map((_, j) => matrix.get(i, j)))
  const isCounts = values.flat().every(Number.isInteger)
  return heatMap(owner, {
    title: options.title ?? 'Confusion matrix',
    width: options.width,
    theme,
    names,
    values,
    digits: isCounts ? 0 : 2,
    unit: isCounts ? 'rows' : 'share of rows',
    down: 'true class',
    across: 'predicted class',
  })
}

function checkNames(
  owner: string,
  matrix: Tensor<Float64Array>,
  classNames: readonly string[] | undefined,
): readonly string[] {
  checkClassNames(owner, classNames)
  if (!isTensor(matrix)) {
    throw new OptionError(owner, 'matrix', matrix, 'a tensor [classes, classes], as confusionMatrix gives it')
  }
  const [down = 0, across] = matrix.shape
  const found = formatShape(matrix.shape)
  if (matrix.dimension !== 2 || down !== across || down === 0) {
    throw new ShapeError(owner, `the matrix has shape ${found}, expected as many rows as columns`)
  }
  if (down > MOST_CLASSES) {
    throw new OptionError(owner, 'matrix', matrix, `one of at most ${MOST_CLASSES} classes, and not ${down}`)
  }
  if (classNames && classNames.length !== down) {
    throw new ShapeError(
      owner,
      `the matrix has shape ${found}, but there are ${classNames.length} class names`,
    )
  }
  const values = Array.from({ length: down * down }, (_, i) => matrix.get(Math.floor(i / down), i % down))
  const bad = values.find(value => !(Number.isFinite(value) && value >= 0))
  if (bad !== undefined) {
    throw new OptionError(owner, 'matrix', matrix, `counts or shares of at least 0, and not ${show(bad)}`)
  }
  return classNames ?? Array.from({ length: down }, (_, i) => String(i))
}
