import { bar } from './bar.ts'
import type { Terminal } from './terminal.ts'
import { cut, visibleWidth } from './width.ts'

/** How far a piece of work has come, and what is told of it. */
export interface Progress {
  /** What stands before the bar: a name, or a count. */
  readonly head: string
  /** 0 … 1. */
  readonly fraction: number
  /** What stands behind the bar, the most important first. */
  readonly tail: readonly string[]
  /** Characters of the bar where there is room. */
  readonly longestBar: number
}

const MIN_BAR = 5

/** In front of lines that go on with the one above. */
const INDENT = '  '

/**
 * Progress on one line, which is shorter than the terminal is wide, since some terminals go on to the next line when the
 * last column is written. Where room is short, so is the bar; then the tail falls away, its end first, then the bar.
 */
export function progressLine(progress: Progress, to: Terminal): string {
  const { head, tail } = progress
  for (let n = tail.length; n > 0; n--) {
    const line = withBar(progress, tail.slice(0, n), to)
    if (line !== null) return line
  }
  for (let n = tail.length; n > 0; n--) {
    const line = [head, ...tail.slice(0, n)].join(' ')
    if (visibleWidth(line) < to.columns) return line
  }
  return cut(head, to.columns - 1)
}

/**
 * Progress with the whole of its tail: on one line where that fits with a shorter bar, else on as many as it takes, each
 * shorter than the terminal is wide.
 */
export function progressLines(progress: Progress, to: Terminal): string {
  const { head, tail } = progress
  const room = to.columns - 1
  const first = withBar(progress, [], to) ?? head
  return withBar(progress, tail, to) ?? wrap([first, ...tail], room).join('\n')
}

/** Null where not even the shortest bar has room. */
function withBar(
  { head, fraction, longestBar }: Progress,
  tail: readonly string[],
  to: Terminal,
): string | null {
  const rest = ['', ...tail].join(' ')
  const room = Math.min(longestBar, to.columns - 2 - visibleWidth(head) - visibleWidth(rest))
  if (room < MIN_BAR) return null
  return `${head} ${bar(fraction, room, to.colors > 1)}${rest}`
}

function wrap(parts: readonly string[], room: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)} ${part}`
    if (visibleWidth(longer) <= room) lines.splice(-1, 1, longer)
    else lines.push(cut(lines.length === 0 ? part : INDENT + part, room))
  }
  return lines
}
