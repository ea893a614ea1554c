import { type CrossentropyOptions, crossentropy } from './crossentropy.ts'
import { maximum, sumOfExps } from './logits.ts'
import type { Loss } from './loss.ts'
import { clip, isClipped } from './probability.ts'

/**
 * Cross-entropy between the model's output and a distribution t over the classes (one-hot, mostly), in nats.
 *
 * From probabilities, with q = p / Σ p and c = clip(q, 1e-7, 1 − 1e-7):
 *
 *     loss = −Σⱼ t[j]·log c[j]      ∂loss/∂p[j] = (Σ u − u[j] / q[j]) / Σ p,   u[j] = t[j] where c[j] = q[j], else 0
 *
 * The division makes a distribution of outputs that do not sum to 1. A row of zeros has none: its loss is NaN.
 * From logits:
 *
 *     loss = −Σⱼ t[j]·log softmax(x)[j]      ∂loss/∂x[j] = softmax(x)[j]·Σ t − t[j]
 *
 * Source: Keras, `categorical_crossentropy`.
 *
 * @throws OptionError
 * @example
 * model.compile({ loss: categoricalCrossentropy({ fromLogits: true }), optimizer: 'adam' })
 */
export function categoricalCrossentropy(options: CrossentropyOptions = {}): Loss {
  const kind = { name: 'categoricalCrossentropy', target: 'values', output: 'vector' } as const
  return crossentropy(kind, options, rowOfProbabilities, rowOfLogits)
}

const rowOfProbabilities: Loss['row'] = (arithmetic, size, row, output, target, dOutput, scale) => {
  const { round, log } = arithmetic
  const start = row * size
  const end = start + size
  let sum = 0
  for (let i = start; i < end; i++) sum = round(sum + output[i])

  let loss = 0
  let unclipped = 0
  for (let i = start; i < end; i++) {
    const q = round(output[i] / sum)
    loss = round(loss - round(target[i] * log(clip(arithmetic, q))))
    if (!isClipped(arithmetic, q)) unclipped = round(unclipped + target[i])
  }

  if (dOutput) {
    for (let i = start; i < end; i++) {
      const q = round(output[i] / sum)
      const own = isClipped(arithmetic, q) ? 0 : round(target[i] / q)
      dOutput[i] = round(round(scale) * round(round(unclipped - own) / sum))
    }
  }
  return loss
}

const rowOfLogits: Loss['row'] = (arithmetic, size, row, output, target, dOutput, scale) => {
  const { round, exp, log } = arithmetic
  const start = row * size
  const end = start + size
  const max = maximum(size, start, output)
  const sum = sumOfExps(arithmetic, size, start, output, max)
  const logSum = log(sum)

  let loss = 0
  let targets = 0
  for (let i = start; i < end; i++) {
    loss = round(loss + round(target[i] * round(logSum - round(output[i] - max))))
    targets = round(targets + target[i])
  }

  if (dOutput) {
    for (let i = start; i < end; i++) {
      const softmax = round(exp(round(output[i] - max)) / sum)
      dOutput[i] = round(round(scale) * round(round(softmax * targets) - target[i]))
    }
  }
  return loss
}
