import type { History } from '../../model/callbacks/history.ts'
import { table } from '../html/table.ts'
import { fourDigits } from '../picture/four-digits.ts'
import { checkHistory } from './check-history.ts'
import { words } from './words.ts'

/**
 * The numbers of every epoch, as a table of an HTML page. A number that a callback has added to some epochs only is left
 * out, since a history does not tell to which.
 *
 * @returns HTML
 * @throws OptionError where it is not what fit gave
 * @example
 * details('All epochs', epochTable(history))
 */
export function epochTable(history: History): string {
  const names = Object.keys(checkHistory('epochTable', history))
  const header = ['epoch', ...names.map(words), 'seconds']
  const rows = history.epoch.map((index, i) => [
    String(index + 1),
    ...names.map(name => fourDigits(history.history[name][i])),
    history.seconds[i].toFixed(2),
  ])
  return table(header, rows, { right: [...header.keys()] })
}
