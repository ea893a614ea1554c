/** Ctrl-C, or a request to end: why a training was broken off. */
export class Interruption extends Error {
  /** What a shell expects of a process that a signal has ended. */
  readonly exitCode: number

  constructor(signal: keyof typeof exitCodes) {
    super(`interrupted by ${signal}`)
    this.exitCode = exitCodes[signal]
  }
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

/** Milliseconds within which a signal is the same one: npm and tsx pass on what the terminal sends to all of them. */
const ECHO = 500

/**
 * Does work that Ctrl-C and SIGTERM break off by an abort signal, with an {@link Interruption} as its reason. A second one
 * ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let first = 0
  const interrupt = (signal: keyof typeof exitCodes) => {
    if (!controller.signal.aborted) {
      first = performance.now()
      controller.abort(new Interruption(signal))
    } else if (performance.now() - first > ECHO) {
      process.exit(exitCodes[signal])
    }
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}
