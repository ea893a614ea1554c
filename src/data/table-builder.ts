import { DataError, show } from '../errors.ts'
import { tensor } from '../tensor/tensor.ts'
import { parseNumber } from './parse-number.ts'
import { type ArrayOf, arrayTypes, type DType, type Table } from './table.ts'

/** What a field must be for each type. */
const expected: { readonly [D in DType]: string } = {
  float64: 'a number',
  float32: 'a number that float32 can hold',
  uint8: 'a whole number from 0 to 255',
}

/**
 * Builds a table from rows of text, one after the other, each checked and put straight into the typed array. The array
 * grows as the rows need it, to what the part of the source that was read foretells for the whole.
 *
 * @example
 * const builder = new TableBuilder('two.csv', 'uint8', ['label', 'pixel1'])
 * builder.add(['9', '255'], 2, 1)
 * builder.finish().values.shape // [1, 2]
 */
export class TableBuilder<D extends DType> {
  readonly source: string
  readonly dtype: D
  readonly columns: readonly string[]
  #values: ArrayOf[D]
  #rows = 0

  /**
   * @param source the file's path, for messages and for the table
   * @param columns the fields of row 1, the header
   * @throws DataError where a column has no name, or two have the same
   */
  constructor(source: string, dtype: D, columns: readonly string[]) {
    const seen = new Map<string, number>()
    columns.forEach((name, i) => {
      if (name.trim() === '') {
        throw new DataError({ file: source, row: 1 }, `column ${i + 1} has no name in the header`)
      }
      if (seen.has(name)) {
        throw new DataError(
          { file: source, row: 1, column: name },
          `the name stands twice in the header, over columns ${seen.get(name)! + 1} and ${i + 1}`,
        )
      }
      seen.set(name, i)
    })
    this.source = source
    this.dtype = dtype
    this.columns = columns
    this.#values = new arrayTypes[dtype](0)
  }

  /**
   * Takes one row.
   *
   * @param fields its fields as they were written
   * @param row the number of the row in the source, the header being row 1
   * @param fraction how much of the source has been read, this row included: above 0, at most 1
   * @throws DataError where the row has too few or too many fields, or a field is not a number of the table's type
   */
  add(fields: readonly string[], row: number, fraction: number): void {
    const { columns, dtype, source: file } = this
    if (fields.length < columns.length) {
      throw new DataError(
        { file, row, column: columns[fields.length] },
        `is missing: the row has ${fields.length} fields, expected ${columns.length}`,
      )
    }
    if (fields.length > columns.length) {
      throw new DataError({ file, row }, `has ${fields.length} fields, expected ${columns.length}`)
    }
    const start = this.#rows * columns.length
    if (start + columns.length > this.#values.length) this.#grow(fraction)
    const values = this.#values
    for (let i = 0; i < columns.length; i++) {
      const value = parseNumber(fields[i])
      values[start + i] = value
      // A uint8 array keeps another number than it was given where that does not fit, a float array infinity.
      if (dtype === 'uint8' ? values[start + i] !== value : !Number.isFinite(values[start + i])) {
        const found = fields[i].trim() === '' ? 'is blank' : `found ${show(fields[i])}`
        throw new DataError({ file, row, column: columns[i] }, `${found}, expected ${expected[dtype]}`)
      }
    }
    this.#rows++
  }

  /**
   * The table of all rows that were added.
   *
   * @throws DataError where there are none
   */
  finish(): Table<ArrayOf[D]> {
    const { columns, dtype, source } = this
    const rows = this.#rows
    if (rows === 0) throw new DataError({ file: source }, 'has a header, but no rows under it')
    // A view, since a copy would need the memory twice; what lies behind it is a few hundredths of it.
    const values = this.#values.subarray(0, rows * columns.length) as ArrayOf[D]
    return { columns, values: tensor(values, [rows, columns.length]), source, dtype }
  }

  #grow(fraction: number): void {
    const rows = Math.ceil(((this.#rows + 1) / fraction) * 1.02) + 1
    const grown = new arrayTypes[this.dtype](rows * this.columns.length)
    grown.set(this.#values)
    this.#values = grown
  }
}
