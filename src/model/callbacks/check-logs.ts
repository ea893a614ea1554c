import { OptionError } from '../../errors.ts'
import type { Logs } from '../logs.ts'
import type { Callback } from './callback.ts'

/**
 * Refuses what a callback has put into the logs where it is no number, which those behind it would compute with. It is
 * taken out of them, so that training can be resumed from where the error has ended it.
 *
 * @throws OptionError naming the callback, by its type or class, and the log
 */
export function checkLogs(callback: Callback, logs: Logs): void {
  for (const name in logs) {
    if (typeof logs[name] === 'number') continue
    const value: unknown = logs[name]
    delete logs[name]
    throw new OptionError(nameOf(callback), `logs.${name}`, value, 'a number')
  }
}

function nameOf(callback: Callback): string {
  const name = callback.type || callback.constructor?.name
  return !name || name === 'Object' ? 'a callback' : name
}
