const GREEN = '\x1b[32m'
const WHITE = '\x1b[37m'
const RESET = '\x1b[0m'

/**
 * A bar as Keras draws it: `━━━━━━╸─────────`, `width` characters, filled to `fraction` (0 … 1).
 *
 * @param isColoured whether what is done is green, and the rest white
 */
export function bar(fraction: number, width: number, isColoured = false): string {
  const halves = Math.round(Math.min(1, Math.max(0, fraction)) * width * 2)
  const full = halves >> 1
  const half = halves & 1
  const done = '━'.repeat(full) + '╸'.repeat(half)
  const rest = '─'.repeat(width - full - half)
  return isColoured ? `${done && GREEN}${done}${rest && WHITE}${rest}${RESET}` : done + rest
}
