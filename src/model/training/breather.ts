/** How long other work may wait, in milliseconds. */
const PATIENCE = 5

/** Lets the event loop turn now and then, so that timers, signals and servers live while a model trains. */
export class Breather {
  #last = performance.now()

  /** Whether it is time to let go. */
  get isDue(): boolean {
    return performance.now() - this.#last > PATIENCE
  }

  /** One turn of the event loop. */
  async breathe(): Promise<void> {
    await nextTurn()
    this.#last = performance.now()
  }
}

/**
 * Node's `setImmediate` lets sockets go first, and of two in a row the second lets timers go as well: after input or
 * output, the first comes before them. In browsers, where timers are throttled, a message does so.
 */
const nextTurn: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise(resolve => setImmediate(() => setImmediate(resolve)))
    : () =>
        new Promise(resolve => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => {
            port1.close()
            resolve()
          }
          port2.postMessage(null)
        })
