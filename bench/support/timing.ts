/** Seconds of a call that was timed several times. */
export interface Timing {
  readonly best: number
  readonly median: number
  /** How often it was timed. */
  readonly times: number
}

/** The least and the middle of several times. */
export function timingOf(seconds: readonly number[]): Timing {
  const sorted = [...seconds].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return {
    best: sorted[0],
    median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2,
    times: sorted.length,
  }
}

export interface TimingOptions {
  /** How long to go on, in seconds; as long again is not timed, for the engine to optimise what it runs. Default 0.3. */
  readonly seconds?: number
  /** How often at least, whatever it takes. Default 5. */
  readonly least?: number
}

/** Times a call again and again. */
export function timeCalls(call: () => unknown, { seconds = 0.3, least = 5 }: TimingOptions = {}): Timing {
  const warmUp = performance.now()
  do call()
  while (performance.now() - warmUp < 1000 * seconds)
  const taken: number[] = []
  const start = performance.now()
  while (taken.length < least || performance.now() - start < 1000 * seconds) {
    const began = performance.now()
    call()
    taken.push((performance.now() - began) / 1000)
  }
  return timingOf(taken)
}
