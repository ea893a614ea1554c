import { show } from '../../errors.ts'
import { chain, type NamedLayer } from '../../model/chain.ts'
import { placeParameters } from '../../model/parameters.ts'
import type { Sequential } from '../../model/sequential.ts'
import type { Arrays, TrainingState } from '../../model/training-state.ts'
import { formatShape, type Shape, sameShape } from '../../tensor/shape.ts'
import { Problems } from '../problems.ts'
import { arrayFrom } from '../safetensors/format.ts'
import type { StoredTensor } from '../safetensors/read-safetensors.ts'
import { slotTensor } from './format.ts'
import { type ModelFile, readModelFile } from './read-model-file.ts'

/** The weights of layers, by path, without making any. */
export function weightShapes(layers: readonly NamedLayer[], inputShape: Shape): Map<string, Shape> {
  return new Map(placeParameters(chain(layers, inputShape)).placed.map(({ path, shape }) => [path, shape]))
}

/** Gathers all differences between the tensors of a file and those of a model with these weights. */
export function compareTensors(
  { document, tensors }: ModelFile,
  weights: ReadonlyMap<string, Shape>,
  problems: Problems,
): void {
  const expected = new Map(weights)
  for (const slot of document.optimizer?.slots ?? []) {
    for (const [path, shape] of weights) expected.set(slotTensor(slot, path), shape)
  }
  for (const [name, shape] of expected) {
    const found = tensors.get(name)
    const wanted = `expected F32 of ${formatShape(shape)}`
    if (!found) problems.add(`tensor ${show(name)} is missing, ${wanted}`)
    else if (found.dtype !== 'F32' || !sameShape(found.shape, shape)) {
      problems.add(`tensor ${show(name)} is ${found.dtype} of ${formatShape(found.shape)}, ${wanted}`)
    }
  }
  for (const name of tensors.keys())
    if (!expected.has(name)) problems.add(`tensor ${show(name)} is not expected`)
}

/** What training goes on from, copied from a file whose tensors are those expected. */
export function storedState({ document, tensors }: ModelFile, weights: Iterable<string>): TrainingState {
  const paths = [...weights]
  const arrays = (nameOf: (path: string) => string): Arrays =>
    Object.fromEntries(paths.map(path => [path, float32(tensors.get(nameOf(path))!)]))
  const { compiled, optimizer, fit } = document
  return {
    weights: arrays(path => path),
    optimizer: compiled &&
      optimizer && {
        name: compiled.optimizer.name,
        config: compiled.optimizer.config,
        learningRate: optimizer.learningRate,
        steps: optimizer.steps,
        slots: Object.fromEntries(
          optimizer.slots.map(slot => [slot, arrays(path => slotTensor(slot, path))]),
        ),
        scalars: optimizer.scalars,
      },
    fit,
  }
}

const float32 = (tensor: StoredTensor) => arrayFrom(tensor) as Float32Array

/**
 * Reads what training goes on from, for a model that has the weights which the file has.
 *
 * @param file the file's path, for errors
 * @throws ModelFileError listing all that differs
 */
export function readTrainingState(bytes: Uint8Array, file: string, model: Sequential): TrainingState {
  const modelFile = readModelFile(bytes, file)
  const problems: Problems = new Problems(file)
  const { inputShape } = modelFile.document.model
  if (model.inputShape && !sameShape(model.inputShape, inputShape)) {
    const [found, expected] = [inputShape, model.inputShape].map(formatShape)
    problems.fail(`has a model for rows of ${found}, expected ${expected}`)
  }
  const weights = weightShapes(model.layers, inputShape)
  compareTensors(modelFile, weights, problems)
  problems.throwIfAny()
  return storedState(modelFile, weights.keys())
}
