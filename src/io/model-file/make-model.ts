import { type CompileOptions, checkShape } from '../../model/options.ts'
import { Sequential } from '../../model/sequential.ts'
import type { Problems } from '../problems.ts'
import type { CustomParts } from './custom.ts'
import type { ModelDocument } from './document.ts'
import { Parts } from './parts.ts'

/**
 * Makes a model of its document, compiled where it was, without weights yet.
 * @throws ModelFileError listing all parts that cannot be made
 */
export function makeModel(
  { model: { name, seed, inputShape, layers }, compiled, optimizer, fit }: ModelDocument,
  custom: CustomParts,
  problems: Problems,
): Sequential {
  const parts = new Parts(custom, problems)
  const made = layers.map(layer => parts.layer(layer)).filter(layer => layer !== null)
  const settings = compiled && {
    loss: parts.loss(compiled.loss),
    metrics: compiled.metrics.map(metric => parts.metric(metric)),
    optimizer: parts.optimizer(compiled.optimizer),
  }
  if ((optimizer !== null) !== (compiled !== null) || (fit && !optimizer)) {
    problems.add('the numbers of an optimiser, or of a fit, go with a model that is compiled')
  }
  problems.throwIfAny()
  const model = problems.attempt(() => {
    checkShape('the model', inputShape)
    const model = new Sequential(made, { name, seed })
    if (settings) model.compile(settings as CompileOptions) // Whole, since nothing was missing.
    return model
  })
  for (const [i, { name }] of layers.entries()) {
    const { name: made } = model.layers[i]
    if (made === name) continue
    problems.add(
      `layer ${name} comes back with the name ${made}: its class must take the name that its config has`,
    )
  }
  problems.throwIfAny()
  return model
}
