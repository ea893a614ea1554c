import type { History } from '../../model/callbacks/history.ts'
import { type Logs, validationName } from '../../model/logs.ts'
import { byName } from '../../options.ts'
import { table } from '../html/table.ts'
import { fourDigits } from '../picture/four-digits.ts'
import { bestIndex } from './best-index.ts'
import { checkHistory } from './check-history.ts'
import { trainedNumbers } from './trained-numbers.ts'
import { words } from './words.ts'

const NOTHING = '–'

/**
 * What a training has come to, as a table of an HTML page: loss and metrics of a test, of the last epoch, and the best that
 * validation has had, with its epoch. There are columns for what there is.
 *
 * @param tested what `model.evaluate` gave
 * @returns HTML
 * @throws OptionError
 * @example
 * section('Result', resultTable(history, model.evaluate(test.images, test.labels)))
 */
export function resultTable(run: History, tested?: Readonly<Logs>): string {
  const trained = trainedNumbers(checkHistory('resultTable', run))
  if (tested !== undefined) byName('resultTable', 'tested', tested, 'number')
  const { epoch, history } = run
  const names = [...new Set([...trained, ...Object.keys(tested ?? {})])]
  const hasValidation = names.some(name => validationName(name) in history)
  const header = [
    '',
    ...(tested ? ['test'] : []),
    'training',
    ...(hasValidation ? ['validation', 'best validation', 'in epoch'] : []),
  ]
  const rows = names.map(name => [
    words(name),
    ...(tested ? [number(tested[name])] : []),
    number(history[name]?.at(-1)),
    ...(hasValidation ? validation(name) : []),
  ])
  return table(header, rows, { right: [...header.keys()].slice(1) })

  function validation(name: string): string[] {
    const values = history[validationName(name)] ?? []
    const best = bestIndex(name, values)
    return [
      number(values.at(-1)),
      number(best === null ? undefined : values[best]),
      best === null ? NOTHING : String(epoch[best] + 1),
    ]
  }
}

const number = (value: number | undefined): string => (value === undefined ? NOTHING : fourDigits(value))
