import type { ServerResponse } from 'node:http'
import { escapeText } from '../../report/picture/element.ts'

/** A part of the page. */
export interface Part {
  /** Of an element. */
  readonly id: string
  /** Gives its content as HTML. */
  readonly draw: () => string
}

/** Milliseconds between two messages; a page that changes more often is no easier to read. */
const INTERVAL = 250

/**
 * Bytes that may wait for a reader who does not read. A reader with more waiting is disconnected, and gets
 * everything on reconnecting.
 */
const MAX_WAITING = 1 << 20

/**
 * Tells readers which parts of the page have changed, as server-sent events: each is JSON, an object with the new content
 * of elements by their ids.
 *
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class Updates {
  readonly #readers = new Set<ServerResponse>()
  readonly #changed = new Map<string, Part>()
  #timer: NodeJS.Timeout | undefined
  #sent = 0

  /** Sends a reader these parts, and from then on those that change. */
  follow(reader: ServerResponse, parts: readonly Part[]): void {
    // Whoever loses the connection tries again after a second.
    reader.write(`retry: 1000\n${eventOf(parts)}`)
    this.#readers.add(reader)
    reader.on('close', () => this.#readers.delete(reader))
  }

  /** Has these parts drawn and sent soon, once for all changes until then; never where nobody reads. */
  change(...parts: readonly Part[]): void {
    if (this.#readers.size === 0) return
    for (const part of parts) this.#changed.set(part.id, part)
    const wait = Math.max(0, this.#sent + INTERVAL - performance.now())
    this.#timer ??= setTimeout(() => this.#send(), wait).unref()
  }

  /** Sends what has changed now. It is on its way when the promise is fulfilled, though the process may end. */
  async flush(): Promise<void> {
    this.#send()
    await nextTurn()
  }

  /** Sends what has changed, and ends all connections. */
  async close(): Promise<void> {
    this.#send()
    const readers = [...this.#readers]
    this.#readers.clear()
    for (const reader of readers) reader.end()
    await nextTurn()
    // Who does not read would never come to the end.
    for (const reader of readers) reader.destroy()
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#changed.size === 0) return
    const event = eventOf([...this.#changed.values()])
    this.#changed.clear()
    this.#sent = performance.now()
    for (const reader of this.#readers) {
      if (reader.writableLength > MAX_WAITING) reader.destroy()
      else reader.write(event)
    }
  }
}

const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function eventOf(parts: readonly Part[]): string {
  const contents = parts.map(part => [part.id, contentOf(part)])
  return `data: ${JSON.stringify(Object.fromEntries(contents))}\n\n`
}

/** Draws a part, or says why it cannot be drawn: an error here would end the program, and the training with it. */
export function contentOf({ draw }: Part): string {
  try {
    return draw()
  } catch (error) {
    return `<p class="failure">${escapeText(`This cannot be drawn: ${error}`)}</p>`
  }
}
