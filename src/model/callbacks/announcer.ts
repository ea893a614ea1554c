import { OptionError } from '../../errors.ts'
import { terminal } from '../../text/terminal.ts'

/** 0: silent. 1: a line in the terminal whenever the callback does something. */
export type CallbackVerbosity = 0 | 1

/**
 * What a callback announces its doings with: whole lines, in the terminal.
 * @throws OptionError
 */
export function announcer(owner: string, verbose: CallbackVerbosity = 0): (line: string) => void {
  if (verbose === 0) return () => {}
  if (verbose === 1) return line => terminal().write(`${line}\n`)
  throw new OptionError(owner, 'verbose', verbose, '0 or 1')
}
