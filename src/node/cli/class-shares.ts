import { exp32 } from '../../kernels/reference/float32-functions.ts'

/** A class and how sure a model is of it. */
export interface ClassShare {
  readonly class: number
  /** 0 … 1, all together 1. */
  readonly share: number
}

/**
 * What a row of a model's output says of each class, the surest first.
 *
 * Probabilities are divided by their sum: that is what the notebook's loss makes of its sigmoids, and changes nothing for
 * softmax. Where one is not from 0 to 1, they are logits, which softmax makes probabilities of. A single output is the
 * second of two classes.
 */
export function classShares(output: Float32Array): ClassShare[] {
  const isProbabilities = output.every(value => value >= 0 && value <= 1)
  const values = output.length === 1 ? [isProbabilities ? 1 - output[0] : 0, output[0]] : [...output]
  const largest = Math.max(...values)
  const weights = isProbabilities ? values : values.map(value => exp32(Math.fround(value - largest)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights
    .map((weight, index) => ({ class: index, share: sum > 0 ? weight / sum : 0 }))
    .sort((a, b) => b.share - a.share || a.class - b.class)
}
