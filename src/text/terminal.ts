/**
 * Where progress is written. The Node entry hands in the process's standard output; elsewhere lines go to the console.
 */
export interface Terminal {
  /** Whether a line can be drawn again: `\r` goes back to its start. */
  readonly isTTY: boolean
  /** Characters a line. */
  readonly columns: number
  write(text: string): void
}

/** Each text is one `console.log`, which ends the line by itself. */
const consoleTerminal: Terminal = {
  isTTY: false,
  columns: 80,
  write: text => console.log(text.replace(/\n$/, '')),
}

let current: Terminal = consoleTerminal

/** The terminal in use. */
export const terminal = (): Terminal => current

/** Chooses where progress goes from now on, for the whole process. */
export function setTerminal(chosen: Terminal): void {
  current = chosen
}
