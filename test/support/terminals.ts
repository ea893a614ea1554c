import type { Terminal } from '../../src/text/terminal.ts'

/** What a terminal can do, of which a test says what matters to it. */
type Features = Partial<Omit<Terminal, 'write'>>

/** A terminal that keeps what is written to it. By default it is no TTY, as a file is none. */
export function recorder(features: Features = {}) {
  const written: string[] = []
  return {
    isTTY: false,
    columns: 80,
    isUnicode: true,
    colors: 1 as const,
    ...features,
    /** Each text, as it was written. */
    written,
    write: (text: string) => void written.push(text),
  }
}

const ESCAPE = '\x1b'

/** A code, or a character. */
const TOKEN = new RegExp(String.raw`${ESCAPE}\[[\d;]*[A-Za-z]|[\s\S]`, 'gu')

/**
 * A terminal that shows what is written to it, as `columns` characters a line. It knows `\r`, `\n`, `\x1b[K` and colours,
 * and, as real ones do, goes on in the next line only when a character comes that has no room.
 */
export function screen(features: Features = {}) {
  const terminal = recorder({ isTTY: true, ...features })
  const { columns } = terminal
  const rows: string[][] = [[]]
  let column = 0
  let overflows = 0

  function put(character: string): void {
    if (column === columns) {
      overflows++
      rows.push([])
      column = 0
    }
    const row = rows.at(-1)!
    while (row.length < column) row.push(' ')
    row[column++] = character
  }

  function take(token: string): void {
    if (token === '\r') column = 0
    else if (token === '\n') {
      rows.push([])
      column = 0
    } else if (token === '\x1b[K') rows.at(-1)!.splice(column)
    else if (!token.startsWith(ESCAPE)) put(token)
    else if (!token.endsWith('m')) throw new Error(`the screen does not know ${JSON.stringify(token)}`)
  }

  return {
    ...terminal,
    write(text: string): void {
      terminal.write(text)
      for (const [token] of text.matchAll(TOKEN)) take(token)
    },
    /** What stands on the lines; the last is the one that the cursor is on. */
    lines: (): string[] => rows.map(row => row.join('').trimEnd()),
    /** How often a line was too long, and went on in the next. */
    overflows: (): number => overflows,
  }
}
