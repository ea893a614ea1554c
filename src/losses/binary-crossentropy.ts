import { type CrossentropyOptions, crossentropy } from './crossentropy.ts'
import type { Loss } from './loss.ts'
import { clip, isClipped } from './probability.ts'

/**
 * Cross-entropy of independent yes-or-no outputs with targets t in [0, 1], in nats: the mean over the J elements of a
 * row.
 *
 * From probabilities, with c = clip(p, 1e-7, 1 − 1e-7):
 *
 *     loss = −1/J · Σⱼ (t·log c + (1 − t)·log(1 − c))      ∂loss/∂p = ((1 − t) / (1 − c) − t / c) / J where c = p, else 0
 *
 * From logits, in a form that never overflows:
 *
 *     loss = 1/J · Σⱼ (max(x, 0) − x·t + log(1 + exp(−|x|)))      ∂loss/∂x = (sigmoid(x) − t) / J
 *
 * Source: Keras, `binary_crossentropy`.
 *
 * @throws OptionError
 * @example
 * model.compile({ loss: 'binaryCrossentropy', optimizer: 'adam' }) // after a Dense(1) with a sigmoid
 */
export function binaryCrossentropy(options: CrossentropyOptions = {}): Loss {
  const kind = { name: 'binaryCrossentropy', target: 'values', output: 'any' } as const
  return crossentropy(kind, options, rowOfProbabilities, rowOfLogits)
}

const rowOfProbabilities: Loss['row'] = (arithmetic, size, row, output, target, dOutput, scale) => {
  const { round, log } = arithmetic
  const share = round(scale / size)
  let sum = 0
  for (let i = row * size; i < (row + 1) * size; i++) {
    const t = target[i]
    const c = clip(arithmetic, output[i])
    const yes = round(t * log(c))
    const no = round(round(1 - t) * log(round(1 - c)))
    sum = round(sum - round(yes + no))
    if (dOutput) {
      const gradient = round(round(round(1 - t) / round(1 - c)) - round(t / c))
      dOutput[i] = isClipped(arithmetic, output[i]) ? 0 : round(share * gradient)
    }
  }
  return round(sum / size)
}

const rowOfLogits: Loss['row'] = (arithmetic, size, row, output, target, dOutput, scale) => {
  const { round, exp, log } = arithmetic
  const share = round(scale / size)
  let sum = 0
  for (let i = row * size; i < (row + 1) * size; i++) {
    const x = output[i]
    const t = target[i]
    const e = exp(-Math.abs(x))
    const linear = round((x < 0 ? 0 : x) - round(x * t))
    sum = round(sum + round(linear + log(round(1 + e))))
    if (dOutput) {
      const sigmoid = round((x < 0 ? e : 1) / round(1 + e))
      dOutput[i] = round(share * round(sigmoid - t))
    }
  }
  return round(sum / size)
}
