import { OptionError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** The typed array that keeps numbers of each type. */
export interface ArrayOf {
  float64: Float64Array
  float32: Float32Array
  uint8: Uint8Array
}

/** A table's number type: `uint8` holds whole numbers from 0 to 255, which pixels and labels are. */
export type DType = keyof ArrayOf

/** The constructor of each type's array. */
export const arrayTypes: { readonly [D in DType]: new (length: number) => ArrayOf[D] } = {
  float64: Float64Array,
  float32: Float32Array,
  uint8: Uint8Array,
}

/**
 * Numbers in rows under named columns, as a CSV file holds them. The values are one tensor of shape [rows, columns], so
 * that ndarray's views are the way to parts of it: `values.lo(0, 1)` is all but the first column, `values.hi(5)` the
 * first five rows.
 *
 * @example
 * const table = await readCsv('fashion-mnist_train.csv', { dtype: 'uint8' })
 * table.values.shape // [60000, 785]
 * column(table, 'label').get(0) // 2
 */
export interface Table<A extends ArrayOf[DType] = ArrayOf[DType]> {
  /** The columns' names, all different. */
  readonly columns: readonly string[]
  /** Shape [rows, columns]. */
  readonly values: Tensor<A>
  /** The path of the file that the table was read from. */
  readonly source: string
  readonly dtype: DType
}

/**
 * One column as a tensor of shape [rows]: a view, which copies nothing.
 *
 * @throws OptionError where the table has no column of that name
 * @example
 * flat(column(table, 'label')) // the labels as a Uint8Array of their own
 */
export function column<A extends ArrayOf[DType]>(table: Table<A>, name: string): Tensor<A> {
  const index = table.columns.indexOf(name)
  if (index < 0) {
    const { columns } = table
    const range = columns.length > 4 ? `${columns[0]} … ${columns.at(-1)}` : columns.join(', ')
    throw new OptionError('column', 'name', name, `one of the ${columns.length} columns: ${range}`)
  }
  return table.values.pick(null, index)
}

/**
 * The different values of a column, in the order in which they first appear, as pandas' `unique()` gives them.
 *
 * @throws OptionError where the table has no column of that name
 * @example
 * unique(table, 'label') // [2, 9, 6, 0, 3, 4, 5, 8, 7, 1]
 */
export function unique(table: Table, name: string): number[] {
  const values = column(table, name)
  const seen = new Set<number>()
  for (let row = 0; row < values.shape[0]; row++) seen.add(values.get(row))
  return [...seen]
}
