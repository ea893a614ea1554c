import { padEnd, padStart, visibleWidth } from './width.ts'

/**
 * A plain-text table with aligned columns, two spaces apart.
 *
 * @param right the columns that are right-aligned, as numbers are
 * @example
 * console.log(alignedTable(['layer', 'units'], [['dense', '32'], ['dense_1', '10']], [1]))
 * // layer    units
 * // dense       32
 * // dense_1     10
 */
export function alignedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const all = [header, ...rows]
  const widths = header.map((_, column) =>
    all.reduce((width, row) => Math.max(width, visibleWidth(row[column])), 0),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (right.includes(column) ? padStart : padEnd)(cell, widths[column]))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}
