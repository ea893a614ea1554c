import { argmax } from './argmax.ts'
import type { Metric } from './metric.ts'

/**
 * The share of rows that the model gets right. What right means follows from output and target, as in Keras:
 *
 * - one output: it is above 0.5 and the target is 1, or it is not and the target is 0;
 * - a class as target: the largest output is that class's;
 * - values as target: the largest output is where the largest value is.
 *
 * Of equal outputs the first counts. The threshold of 0.5 is meant for probabilities, also where the loss takes logits.
 *
 * Source: Keras, `accuracy` as `compile` resolves it.
 *
 * @example
 * model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: 'adam', metrics: ['accuracy'] })
 */
export function accuracy(): Metric {
  return { name: 'accuracy', row: isRight }
}

const isRight: Metric['row'] = (size, row, output, target, kind) => {
  if (size === 1) return (output[row] > 0.5 ? 1 : 0) === target[row] ? 1 : 0
  const wanted = kind === 'class' ? target[row] : argmax(target, row * size, size)
  return argmax(output, row * size, size) === wanted ? 1 : 0
}
