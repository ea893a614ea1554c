import { ConvnetError } from '../errors.ts'
import { random } from '../tensor/random.ts'
import type { Shape } from '../tensor/shape.ts'

/** An array that a scalar function depends on, and what `backward` says of its gradient. */
export interface Variable {
  /** As the report names it: `x`, or `dense/kernel`. */
  readonly path: string
  readonly shape: Shape
  /** Moved to and fro while checking, and left as it was. */
  readonly values: Float64Array
  readonly gradient: Float64Array
}

/** Options of {@link checkDifferences}. */
export interface DifferenceOptions {
  /** How far a value is moved to each side. Default 6e-6: where truncation and rounding are alike in float64. */
  readonly step?: number
  /** Gradients agree when |backward − differences| ≤ atol + rtol·|differences|. Default 1e-6. */
  readonly rtol?: number
  /** Default 1e-8. */
  readonly atol?: number
  /** The most entries of each array that are checked, drawn at random where there are more. Default 256. */
  readonly entries?: number
  /** Default 0. */
  readonly seed?: number
}

/** One entry of one gradient. */
export interface Entry {
  readonly path: string
  /** Its place along each axis. */
  readonly index: readonly number[]
  readonly backward: number
  readonly differences: number
  /** |backward − differences| as a multiple of what is tolerated. */
  readonly excess: number
}

/** What a gradient check has compared. */
export interface GradCheckReport {
  /** Entries compared. */
  readonly checked: number
  /** Entries left out because the function has a kink there. */
  readonly kinks: number
  /** The entry that agrees least. */
  readonly worst: Entry
}

/** A backward pass that disagrees with its forward pass. */
export class GradientError extends ConvnetError {
  override readonly name = 'GradientError'
  readonly worst: Entry

  constructor(worst: Entry, message: string) {
    super(message)
    this.worst = worst
  }
}

/** More kinks than this share of the entries, and the check says nothing. */
const MAX_KINKS = 0.2

/**
 * Compares gradients with central differences, (f(v + h) − f(v − h)) / 2h, entry by entry.
 *
 * Where the function has a kink between v − h and v + h (a ReLU at 0, two pixels that tie), the difference is off by up
 * to half the change of slope, which is |f(v + h) − 2·f(v) + f(v − h)| / 2h, and next to nothing in a smooth place. An
 * entry whose disagreement that explains is left out.
 *
 * @param f the function of all variables together
 * @throws GradientError naming the worst entry, or where nearly all entries are kinks
 */
export function checkDifferences(
  variables: readonly Variable[],
  f: () => number,
  { step, rtol, atol, entries, seed }: Required<DifferenceOptions>,
): GradCheckReport {
  const middle = f()
  let checked = 0
  let kinks = 0
  let worst: Entry | null = null
  for (const { path, shape, values, gradient } of variables) {
    for (const i of sample(values.length, entries, random(seed, 'entries', path))) {
      const value = values[i]
      values[i] = value + step
      const above = f()
      values[i] = value - step
      const below = f()
      values[i] = value
      const backward = gradient[i]
      const differences = (above - below) / (2 * step)
      const disagreement = Math.abs(backward - differences)
      const tolerated = atol + rtol * Math.abs(differences)
      const bend = Math.abs(above - 2 * middle + below) / (2 * step)
      if (disagreement > tolerated && disagreement <= 1.01 * bend + tolerated) {
        kinks++
        continue
      }
      checked++
      const excess = Number.isNaN(disagreement) ? Number.POSITIVE_INFINITY : disagreement / tolerated
      if (!worst || excess > worst.excess)
        worst = { path, index: indexOf(i, shape), backward, differences, excess }
    }
  }
  if (!worst || kinks > MAX_KINKS * (checked + kinks)) {
    throw new ConvnetError(
      `gradCheck: ${kinks} of ${checked + kinks} entries lie at a kink; draw other inputs`,
    )
  }
  if (worst.excess > 1) {
    const { path, index, backward, differences, excess } = worst
    throw new GradientError(
      worst,
      `gradCheck: ${path}[${index}]: backward gives ${backward}, finite differences ${differences}, ` +
        `${excess.toPrecision(3)} tolerances apart`,
    )
  }
  return { checked, kinks, worst }
}

/** All of 0 … n − 1, or `most` of them, drawn without repetition. */
function sample(n: number, most: number, next: () => number): number[] {
  const all = Array.from({ length: n }, (_, i) => i)
  if (n <= most) return all
  for (let i = 0; i < most; i++) {
    const j = i + Math.floor(next() * (n - i))
    const drawn = all[j]
    all[j] = all[i]
    all[i] = drawn
  }
  return all.slice(0, most)
}

function indexOf(flat: number, shape: Shape): number[] {
  const index: number[] = []
  let rest = flat
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(rest % shape[axis])
    rest = Math.floor(rest / shape[axis])
  }
  return index
}
