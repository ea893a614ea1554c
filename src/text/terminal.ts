/** Where progress, summaries and pictures are written, and what can be shown there. */
export interface Terminal {
  /** Whether a line can be drawn again: `\r` goes back to its start. */
  readonly isTTY: boolean
  /** Characters a line. */
  readonly columns: number
  /** Whether it shows characters beyond ASCII. */
  readonly isUnicode: boolean
  /** Colours that it shows, in bits: 1 for none but its own, 4 for 16, 8 for 256, 24 for all. */
  readonly colors: 1 | 4 | 8 | 24
  write(text: string): void
}

/** Each text is one `console.log`, which ends the line by itself. */
const consoleTerminal: Terminal = {
  isTTY: false,
  columns: 80,
  isUnicode: true,
  colors: 1,
  write: text => console.log(text.replace(/\n$/, '')),
}

let current: Terminal = consoleTerminal

/** The terminal in use: standard output with Node, elsewhere the console, unless another was chosen. */
export const terminal = (): Terminal => current

/**
 * Chooses where progress goes from now on, for the whole process.
 *
 * @example
 * setTerminal({ ...terminal(), isTTY: false, colors: 1, write: text => log.append(text) })
 */
export function setTerminal(chosen: Terminal): void {
  current = chosen
}
