import type { Tensor } from '../tensor/tensor.ts'
import { alignedTable } from '../text/aligned-table.ts'
import { confusionUnit, digitsOf } from './confusion-unit.ts'

/** As many letters of a class's name as make a table of ten columns fit into 80 characters. */
const HEADING = 5

/**
 * A confusion matrix as plain text, with the names of its classes: true ones down, predicted ones across. Counts are
 * printed whole, shares with two digits, those of a perfect model too.
 *
 * @param matrix [classes, classes], as `confusionMatrix` gives it
 * @param classNames one for each class
 * @example
 * console.log(formatConfusionMatrix(confusionMatrix(yTrue, yPred), ['cat', 'dog']))
 */
export function formatConfusionMatrix(matrix: Tensor<Float64Array>, classNames: readonly string[]): string {
  const digits = digitsOf(confusionUnit(matrix))
  const rows = classNames.map((name, i) => [
    name,
    ...classNames.map((_, j) => matrix.get(i, j).toFixed(digits)),
  ])
  const header = ['', ...classNames.map(name => name.slice(0, HEADING))]
  return alignedTable(
    header,
    rows,
    classNames.map((_, j) => j + 1),
  )
}
