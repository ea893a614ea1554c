import { hasOwnInitializer } from '../../layers/built-in.ts'
import { type CompileOptions, checkShape } from '../../model/options.ts'
import { Sequential } from '../../model/sequential.ts'
import type { Problems } from '../problems.ts'
import type { CustomParts } from './custom.ts'
import type { LayerDescription, ModelDocument } from './document.ts'
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
  if ((optimizer !== null) !== (compiled !== null && inputShape !== null) || (fit && !optimizer)) {
    problems.add('the numbers of an optimiser, or of a fit, go with a model that has weights and is compiled')
  }
  problems.throwIfAny()
  const model = problems.attempt(() => {
    if (inputShape) checkShape('the model', inputShape)
    const model = new Sequential(made, { name, seed })
    if (settings) model.compile(settings as CompileOptions) // Whole, since nothing was missing.
    return model
  })
  for (const [i, layer] of layers.entries()) {
    checkLayer(layer, model.layers[i].name, inputShape !== null, problems)
  }
  problems.throwIfAny()
  return model
}

function checkLayer(layer: LayerDescription, name: string, hasWeights: boolean, problems: Problems): void {
  if (name !== layer.name) {
    problems.add(
      `layer ${layer.name} comes back with the name ${name}: its class must take the name that its config has`,
    )
  }
  if (!layer.custom && !hasWeights && hasOwnInitializer(layer)) {
    problems.add(
      `layer ${layer.name} has an initialiser that no file can keep, expected a model with weights`,
    )
  }
}
