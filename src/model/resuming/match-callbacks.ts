import type { Callback } from '../callbacks/callback.ts'
import type { CallbackSnapshot } from './training-state.ts'

/**
 * Finds the callback that each snapshot is of: of those of its type that keep a state, or of those that do not, the first
 * is the first.
 *
 * @returns the place of each among `callbacks`; −1 where it is missing
 */
export function matchCallbacks(
  snapshots: readonly CallbackSnapshot[],
  callbacks: readonly Callback[],
): number[] {
  const taken = new Set<number>()
  return snapshots.map(({ type, state }) => {
    const place = callbacks.findIndex(
      (callback, i) =>
        !taken.has(i) && (callback.type ?? '') === type && keepsState(callback) === (state !== null),
    )
    taken.add(place)
    return place
  })
}

/** Whether a callback can go on from a state of its own. */
export const keepsState = ({ getState, setState }: Callback): boolean =>
  getState !== undefined && setState !== undefined
