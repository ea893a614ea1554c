import type { History } from '../../model/callbacks/history.ts'
import { formatNumber } from '../../text/format-number.ts'
import { table } from '../html/table.ts'
import { words } from './words.ts'

/**
 * The numbers of every epoch, as a table of an HTML page. A number that a callback has added to some epochs only is left
 * out, since a history does not tell to which.
 *
 * @returns HTML
 * @example
 * details('All epochs', epochTable(history))
 */
export function epochTable({ epoch, history, seconds }: History): string {
  const numbers = Object.entries(history).filter(([, values]) => values.length === epoch.length)
  const header = ['epoch', ...numbers.map(([name]) => words(name)), 'seconds']
  const rows = epoch.map((index, i) => [
    String(index + 1),
    ...numbers.map(([, values]) => formatNumber(values[i])),
    seconds[i].toFixed(2),
  ])
  return table(header, rows, { right: [...header.keys()] })
}
