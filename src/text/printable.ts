import { STYLE } from './width.ts'

const ESCAPE = '\x1b'

/** Sequences that command a terminal: those of ECMA-48 that begin with `ESC [`, and strings, as titles are. */
const COMMANDS = new RegExp(
  `${ESCAPE}\\[[0-?]*[ -/]*[@-~]|${ESCAPE}[\\]PX^_].*?(?:\\x07|${ESCAPE}\\\\|$)`,
  'gsu',
)

/**
 * A text that a terminal can only show: without what would move the cursor, clear the screen, or ring. Codes that choose
 * colours and styles stay.
 *
 * @example
 * printable('a\x1b[2Jb\x07 \x1b[31mred\x1b[0m') // 'ab \x1b[31mred\x1b[0m'
 */
export function printable(text: string): string {
  const parts = text.split(STYLE)
  return parts
    .map((part, i) => (i % 2 === 1 ? part : part.replace(COMMANDS, '').replace(/\p{Control}/gu, '')))
    .join('')
}
