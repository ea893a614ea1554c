import { type CrossentropyOptions, crossentropy } from './crossentropy.ts'
import { maximum, sumOfExps } from './logits.ts'
import type { Loss } from './loss.ts'
import { clip, isClipped } from './probability.ts'

/**
 * Cross-entropy between the model's output and one class index y a row, in nats.
 *
 * From probabilities, with c = clip(p, 1e-7, 1 − 1e-7):
 *
 *     loss = −log(c[y] / Σⱼ c[j])        ∂loss/∂p[j] = 1 / Σ c − [j = y] / c[y] where c[j] = p[j], else 0
 *
 * The division makes a distribution of outputs that do not sum to 1, such as sigmoids. From logits:
 *
 *     loss = −log softmax(x)[y]          ∂loss/∂x[j] = softmax(x)[j] − [j = y]
 *
 * Source: Keras 2.3 on TensorFlow, `sparse_categorical_crossentropy`. Keras 3 means the same with PyTorch and logits;
 * for probabilities its backends differ from each other.
 *
 * @throws OptionError
 * @example
 * model.compile({ loss: sparseCategoricalCrossentropy({ fromLogits: true }), optimizer: 'adam' })
 */
export function sparseCategoricalCrossentropy(options: CrossentropyOptions = {}): Loss {
  const kind = { name: 'sparseCategoricalCrossentropy', target: 'class', output: 'vector' } as const
  return crossentropy(kind, options, rowOfProbabilities, rowOfLogits)
}

const rowOfProbabilities: Loss['row'] = (arithmetic, size, row, output, target, dOutput, scale) => {
  const { round, log } = arithmetic
  const start = row * size
  const end = start + size
  const y = start + target[row]
  let sum = 0
  for (let i = start; i < end; i++) sum = round(sum + clip(arithmetic, output[i]))
  const ofClass = clip(arithmetic, output[y])

  if (dOutput) {
    const dOthers = round(1 / sum)
    const dClass = round(dOthers - round(1 / ofClass))
    for (let i = start; i < end; i++) {
      dOutput[i] = isClipped(arithmetic, output[i]) ? 0 : round(round(scale) * (i === y ? dClass : dOthers))
    }
  }
  return -log(round(ofClass / sum))
}

const rowOfLogits: Loss['row'] = (arithmetic, size, row, output, target, dOutput, scale) => {
  const { round, exp, log } = arithmetic
  const start = row * size
  const y = start + target[row]
  const max = maximum(size, start, output)
  const sum = sumOfExps(arithmetic, size, start, output, max)

  if (dOutput) {
    for (let i = start; i < start + size; i++) {
      const softmax = round(exp(round(output[i] - max)) / sum)
      dOutput[i] = round(round(scale) * (i === y ? round(softmax - 1) : softmax))
    }
  }
  return round(log(sum) - round(output[y] - max))
}
