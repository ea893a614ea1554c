import { isBuiltInLoss } from '../../losses/losses.ts'
import { isBuiltInMetric } from '../../metrics/metrics.ts'
import type { Compiled } from '../../model/options.ts'
import type { OptimizerSnapshot } from '../../model/resuming/training-state.ts'
import type { Sequential } from '../../model/sequential.ts'
import type { SaveOptions } from '../../model/storage.ts'
import { isBuiltInOptimizer } from '../../optim/optimizers.ts'
import { checkOptions } from '../../options.ts'
import { type NumericArray, type Tensor, tensor } from '../../tensor/tensor.ts'
import { checkExported } from '../check-exported.ts'
import { checkFinite, exportedWeights } from '../exported-weights.ts'
import { Problems } from '../problems.ts'
import { type NamedTensor, writeSafetensors } from '../safetensors/write-safetensors.ts'
import { checkDocument, type ModelDocument } from './document.ts'
import { FORMAT, LIBRARY_VERSION, METADATA_KEY, slotTensor } from './format.ts'
import { encodePlain } from './plain.ts'
import { stateArrays } from './stored-state.ts'

/**
 * A model as the bytes of one file, from which {@link loadModel} makes it again: its layers, weights and what `compile` was
 * given, and all that training goes on from, to the bit. With Node, `model.save(path)` writes them to a file.
 *
 * The bytes are a safetensors file: Python's `safetensors` reads the weights by their paths (`conv2d/kernel`), and the
 * optimiser's arrays beside them (`optimizer/m/conv2d/kernel`).
 *
 * A layer is kept by its `type` and `config`, a loss, metric or optimiser by its name and config; code is not kept, so
 * those that are not the library's own must be given to `loadModel`. The config of such a layer goes to its constructor,
 * with the layer's `name` in it where it was given one.
 *
 * @throws NonFiniteWeightError for weights, or arrays of the optimiser, that are NaN or infinite, unless `allowNonFinite` is true
 * @throws OptionError for a bad option, and for a config or a callback's state that is no plain data
 * @throws ModelFileError for what `loadModel` would refuse: a custom part without a config, more than 10,000 layers
 * @throws StateError for a model without weights: one that has no layers, or does not know its input shape yet
 * @example
 * const bytes = saveModel(model)
 * const same = await loadModel(bytes)
 */
export function saveModel(model: Sequential, options: SaveOptions = {}): Uint8Array<ArrayBuffer> {
  checkOptions('saveModel', options, ['allowNonFinite'])
  checkExported('saveModel', model, Number.POSITIVE_INFINITY)
  const weights = exportedWeights('saveModel', model, options)
  const state = model.getTrainingState()
  if (!options.allowNonFinite) checkFinite('saveModel', stateArrays(state))
  const { architecture, optimizer, fit } = state
  const document: ModelDocument = {
    format: FORMAT,
    library: LIBRARY_VERSION,
    model: {
      name: model.name,
      seed: model.seed,
      inputShape: architecture.inputShape,
      layers: architecture.layers,
    },
    compiled: model.compiled && describeCompiled(model.compiled),
    optimizer: optimizer && {
      learningRate: optimizer.learningRate,
      steps: optimizer.steps,
      scalars: optimizer.scalars,
      slots: Object.keys(optimizer.slots),
    },
    fit,
  }
  const problems = new Problems('saveModel')
  checkDocument(document, problem => problems.add(problem))
  problems.throwIfAny()
  const arrays = new Map<string, NumericArray>()
  const json = JSON.stringify(encodePlain(document, [], arrays))
  const tensors: NamedTensor[] = [
    ...[...weights].map(([name, tensor]) => ({ name, tensor })),
    ...slotTensors(optimizer, weights),
    ...[...arrays].map(([name, array]) => ({ name, tensor: tensor(array, [array.length]) })),
  ]
  return writeSafetensors(tensors, { [METADATA_KEY]: json })
}

function describeCompiled({ loss, metrics, optimizer }: Compiled): ModelDocument['compiled'] {
  return {
    loss: { name: loss.name, config: loss.config, custom: !isBuiltInLoss(loss) },
    metrics: metrics.map(metric => ({
      name: metric.name,
      config: metric.config ?? {},
      custom: !isBuiltInMetric(metric),
    })),
    optimizer: { name: optimizer.name, config: optimizer.config, custom: !isBuiltInOptimizer(optimizer) },
  }
}

function slotTensors(
  optimizer: OptimizerSnapshot | null,
  weights: ReadonlyMap<string, Tensor>,
): NamedTensor[] {
  return Object.entries(optimizer?.slots ?? {}).flatMap(([slot, arrays]) =>
    [...weights].map(([path, { shape }]) => ({
      name: slotTensor(slot, path),
      tensor: tensor(arrays[path], shape),
    })),
  )
}
