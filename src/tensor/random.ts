import seedrandom from 'seedrandom'

/** Draws uniformly from [0, 1). */
export type Random = () => number

/**
 * A seeded generator (`seedrandom`, ARC4, 53 bits a draw). The same key gives the same draws on every machine. A key
 * names what is drawn, so that no two parts of a program share a stream: `random(seed, 'shuffle', epoch)`.
 *
 * @example
 * const next = random(42, 'my experiment')
 * next() // always the same number
 */
export function random(...key: readonly (number | string)[]): Random {
  return seedrandom(key.join('/'))
}

/** The numbers 0 … n − 1 in random order (Fisher and Yates' shuffle, from the back). */
export function permutation(n: number, next: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    const swapped = order[i]
    order[i] = order[j]
    order[j] = swapped
  }
  return order
}

/**
 * Draws from the standard normal distribution cut off at ±2, by rejection: x uniform in [−2, 2) is taken with
 * probability exp(−x²/2).
 */
export function truncatedNormal(next: Random): number {
  for (;;) {
    const x = 4 * next() - 2
    if (next() < expOfNegative((x * x) / 2)) return x
  }
}

/** exp(−t) for 0 ≤ t ≤ 2 by its power series, since engines disagree on the last bits of `Math.exp`. */
function expOfNegative(t: number): number {
  let sum = 1
  for (let k = 24; k >= 1; k--) sum = 1 - (t * sum) / k
  return sum
}
