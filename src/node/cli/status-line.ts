import { printable } from '../../text/printable.ts'
import { CLEAR_TO_END } from '../../text/redraw.ts'
import type { Terminal } from '../../text/terminal.ts'
import { cut } from '../../text/width.ts'

/** A line that says what is being done, where there is a terminal to show it, and is gone when there is a result. */
export class StatusLine {
  readonly #to: Terminal

  constructor(to: Terminal) {
    this.#to = to
  }

  show(text: string): void {
    // The cursor goes back to the beginning, so that whatever comes next is written over it.
    if (this.#to.isTTY) this.#to.write(`${cut(printable(text), this.#to.columns - 1)}${CLEAR_TO_END}\r`)
  }

  clear(): void {
    if (this.#to.isTTY) this.#to.write(CLEAR_TO_END)
  }
}
