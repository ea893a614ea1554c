/** A stretch of memory: the bytes from `start` on, before `end`. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** The free stretches of a memory: in order, and never touching, since neighbours become one. */
export class FreeList {
  readonly #free: Stretch[] = []

  /** Takes `bytes` bytes, at least 1, from the first stretch that has them; null where none has. */
  take(bytes: number): Stretch | null {
    const at = this.#free.findIndex(({ start, end }) => end - start >= bytes)
    if (at < 0) return null
    const { start, end } = this.#free[at]
    const taken = { start, end: start + bytes }
    if (taken.end < end) this.#free[at] = { start: taken.end, end }
    else this.#free.splice(at, 1)
    return taken
  }

  /** Makes a stretch free, of which nothing is. */
  give({ start, end }: Stretch): void {
    const behind = this.#free.findIndex(other => other.start >= end)
    const at = behind < 0 ? this.#free.length : behind
    const before = this.#free[at - 1]
    const after = this.#free[at]
    const joinsBefore = before?.end === start
    const joinsAfter = after?.start === end
    const joined = { start: joinsBefore ? before.start : start, end: joinsAfter ? after.end : end }
    this.#free.splice(at - Number(joinsBefore), Number(joinsBefore) + Number(joinsAfter), joined)
  }

  /** The free bytes right before an address at which no free stretch goes on. */
  before(end: number): number {
    const last = this.#free.find(stretch => stretch.end === end)
    return last ? last.end - last.start : 0
  }
}
