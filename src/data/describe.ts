import { flat } from '../tensor/tensor.ts'
import { alignedTable } from '../text/aligned-table.ts'
import { formatColumn } from './format-column.ts'
import { column, type Table } from './table.ts'

/** Above this many columns, `info` sums them up in one line: pandas' `display.max_info_columns`. */
const MAX_INFO_COLUMNS = 100

/**
 * The first rows of a table as a pandas notebook shows `df.head()`: under their columns' names, numbered from 0. Where
 * there are more than `maxColumns`, those in the middle give way to `...`, and a last line tells the size of the whole.
 *
 * @param n how many rows; fewer where the table has fewer. Default 5.
 * @param maxColumns Default 20, which is pandas' `display.max_columns`.
 * @example
 * console.log(head(table, 2, 4))
 * //    label  pixel1  ...  pixel783  pixel784
 * // 0      2       0  ...         0         0
 * // 1      9       0  ...         0         0
 * //
 * // 2 rows × 785 columns
 */
export function head(table: Table, n = 5, maxColumns = 20): string {
  const { columns, dtype, values } = table
  const rows = Math.min(Math.max(0, n), values.shape[0])
  const half = Math.max(1, Math.floor(maxColumns / 2))
  const elided = columns.length > maxColumns
  const first = elided ? columns.slice(0, half) : columns
  const last = elided ? columns.slice(-half) : []
  const gap = elided ? ['...'] : []
  const format = (name: string) => formatColumn([...flat(column(table, name).hi(rows))], dtype)
  const [before, after] = [first.map(format), last.map(format)]
  const lines = Array.from({ length: rows }, (_, row) => {
    const of = (texts: readonly string[]) => texts[row]
    return [String(row), ...before.map(of), ...gap, ...after.map(of)]
  })
  const header = ['', ...first, ...gap, ...last]
  const grid = alignedTable(header, lines, [...header.keys()].slice(1))
  return elided ? `${grid}\n\n${rows} rows × ${columns.length} columns` : grid
}

/**
 * What a table is made of, as pandas' `df.info()` prints it: rows, columns, types and memory, which is that of the
 * values. Up to 100 columns are listed one by one. No value of a table is ever missing, so every count is full.
 *
 * @example
 * console.log(info(table))
 * // <class 'Table'>
 * // RangeIndex: 60000 entries, 0 to 59999
 * // Columns: 785 entries, label to pixel784
 * // dtypes: uint8(785)
 * // memory usage: 44.9 MB
 */
export function info(table: Table): string {
  const { columns, values, dtype } = table
  const rows = values.shape[0]
  return [
    "<class 'Table'>",
    `RangeIndex: ${rows} entries, 0 to ${rows - 1}`,
    columns.length > MAX_INFO_COLUMNS
      ? `Columns: ${columns.length} entries, ${columns[0]} to ${columns.at(-1)}`
      : `Data columns (total ${columns.length} columns):\n${columnList(table)}`,
    `dtypes: ${dtype}(${columns.length})`,
    `memory usage: ${formatBytes(rows * columns.length * values.data.BYTES_PER_ELEMENT)}`,
  ].join('\n')
}

function columnList({ columns, values, dtype }: Table): string {
  const header = [' # ', 'Column', 'Non-Null Count', 'Dtype']
  const rules = header.map(heading => '-'.repeat(heading.length))
  const count = `${values.shape[0]} non-null`
  return alignedTable(header, [rules, ...columns.map((name, i) => [` ${i}`, name, count, dtype])])
}

/** `44.9 MB`, where a MB has 1024 × 1024 bytes, as pandas counts. */
function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let unit = 0
  let size = bytes
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024
  return `${size.toFixed(1)} ${units[unit]}`
}
