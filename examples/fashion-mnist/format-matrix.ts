import { alignedTable, type Tensor } from 'convnet-ts'

/** As many letters of a class's name as make a table of ten columns fit into 80 characters. */
const HEADING = 5

/** A confusion matrix with the names of its classes: true ones down, predicted ones across. */
export function formatMatrix(
  matrix: Tensor<Float64Array>,
  classNames: readonly string[],
  format: (cell: number) => string,
): string {
  const rows = classNames.map((name, i) => [name, ...classNames.map((_, j) => format(matrix.get(i, j)))])
  const header = ['', ...classNames.map(name => name.slice(0, HEADING))]
  return alignedTable(
    header,
    rows,
    classNames.map((_, j) => j + 1),
  )
}
