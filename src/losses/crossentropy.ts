import { checkOptions, flag } from '../options.ts'
import type { Loss } from './loss.ts'

/** Options of the cross-entropies. */
export interface CrossentropyOptions {
  /**
   * Whether the output is logits, which the loss passes through a softmax (binary: a sigmoid), rather than
   * probabilities. Default false.
   */
  readonly fromLogits?: boolean
}

/**
 * Makes a cross-entropy of its two forms.
 *
 * @param ofProbabilities a row's loss where the output is probabilities
 * @param ofLogits a row's loss where the output is logits
 * @throws OptionError
 */
export function crossentropy(
  { name, target, output }: Pick<Loss, 'name' | 'target' | 'output'>,
  options: CrossentropyOptions,
  ofProbabilities: Loss['row'],
  ofLogits: Loss['row'],
): Loss {
  checkOptions(name, options, ['fromLogits'])
  const fromLogits = flag(name, 'fromLogits', options.fromLogits ?? false)
  return { name, config: { fromLogits }, target, output, row: fromLogits ? ofLogits : ofProbabilities }
}
