import { flat } from '../tensor/tensor.ts'
import { formatColumn } from './format-column.ts'
import { column, type Table } from './table.ts'

/** Above this many columns, `info` sums them up in one line: pandas' `display.max_info_columns`. */
const MAX_INFO_COLUMNS = 100

/**
 * The first rows of a table as a pandas notebook shows `df.head()`: under their columns' names, numbered from 0. Where
 * there are more than `maxColumns`, those in the middle give way to `...`, and a last line tells the size of the whole.
 *
 * @param n how many rows, 5 by default; fewer where the table has fewer
 * @param maxColumns 20 by default, which is pandas' `display.max_columns`
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
  const under = (name: string) => [name, ...formatColumn([...flat(column(table, name).hi(rows))], dtype)]
  const index = ['', ...Array.from({ length: rows }, (_, row) => String(row))]
  const half = Math.max(1, Math.floor(maxColumns / 2))
  const elided = columns.length > maxColumns
  const shown = elided
    ? [...columns.slice(0, half).map(under), index.map(() => '...'), ...columns.slice(-half).map(under)]
    : columns.map(under)
  const grid = align([index, ...shown], ['left', ...shown.map((): Side => 'right')])
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
  const under = (heading: string, texts: readonly string[]) => [heading, '-'.repeat(heading.length), ...texts]
  const numbers = [' # ', '---', ...columns.map((_, i) => ` ${i}`)]
  const counts = columns.map(() => `${values.shape[0]} non-null`)
  const types = columns.map(() => dtype)
  return align(
    [numbers, under('Column', columns), under('Non-Null Count', counts), under('Dtype', types)],
    ['left', 'left', 'left', 'left'],
  )
}

type Side = 'left' | 'right'

/** Sets columns of text side by side, two spaces apart, each as wide as its longest text. */
function align(columns: readonly (readonly string[])[], sides: readonly Side[]): string {
  const padded = columns.map((texts, i) => {
    const width = Math.max(...texts.map(text => text.length))
    return texts.map(text => (sides[i] === 'left' ? text.padEnd(width) : text.padStart(width)))
  })
  return padded[0]
    .map((_, row) =>
      padded
        .map(texts => texts[row])
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** `44.9 MB`, where a MB has 1024 × 1024 bytes, as pandas counts. */
function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let unit = 0
  let size = bytes
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024
  return `${size.toFixed(1)} ${units[unit]}`
}
