import { nonNegative } from '../options.ts'
import { printable } from '../text/printable.ts'
import { progressLine } from '../text/progress-line.ts'
import { CLEAR_TO_END, REDRAW_MS } from '../text/redraw.ts'
import { type Terminal, terminal } from '../text/terminal.ts'
import { cut } from '../text/width.ts'

/** Told how far a named piece of work has come, in bytes. Done when both numbers are equal. */
export type OnProgress = (label: string, doneBytes: number, totalBytes: number) => void

const MAX_BAR = 30

/** Columns that a long name leaves free. */
const ROOM_FOR_PERCENT = ' 100 %'.length

/**
 * Makes an `OnProgress` that shows progress on a terminal: a bar that fills, or, where lines cannot be drawn again (a
 * file, a log), a line for the beginning, for each quarter and for the end. No line is wider than the terminal. Of labels,
 * what would command the terminal is left out.
 *
 * @param to Default: the terminal in use.
 * @throws OptionError from what it makes, for numbers of bytes that are negative or not finite
 * @example
 * const data = await fashionMnist({ onProgress: progressReporter() })
 */
export function progressReporter(to: Terminal = terminal()): OnProgress {
  const show = to.isTTY ? drawnBar(to) : lines(to)
  return (label, done, total) => {
    nonNegative('progressReporter', 'doneBytes', done)
    nonNegative('progressReporter', 'totalBytes', total)
    show(printable(label), done, total)
  }
}

function drawnBar(to: Terminal): OnProgress {
  let running: string | null = null
  let drawnAt = 0
  return (label, done, total) => {
    const now = performance.now()
    const ended = done >= total
    if (running === label && !ended && now - drawnAt < REDRAW_MS) return
    if (running !== null && running !== label) to.write('\n')
    const line = progressLine(
      {
        head: cut(label, to.columns - 1 - ROOM_FOR_PERCENT),
        fraction: ended ? 1 : done / total,
        tail: [percent(done, total).padStart(5), `of ${size(total)}`],
        longestBar: MAX_BAR,
      },
      to,
    )
    // The cursor goes back to the beginning, so that a message in between writes over the bar and not behind it.
    to.write(`${line}${CLEAR_TO_END}${ended ? '\n' : '\r'}`)
    running = ended ? null : label
    drawnAt = now
  }
}

function lines(to: Terminal): OnProgress {
  let running: string | null = null
  let told = 0
  return (label, done, total) => {
    const quarter = done >= total ? 4 : Math.floor((4 * done) / total)
    if (running === label && quarter === told) return
    const line = `${label}: ${percent(done, total)} of ${size(total)}`
    to.write(`${cut(line, to.columns)}\n`)
    running = quarter === 4 ? null : label
    told = quarter
  }
}

function percent(done: number, total: number): string {
  return `${done >= total ? 100 : Math.floor((100 * done) / total)} %`
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
