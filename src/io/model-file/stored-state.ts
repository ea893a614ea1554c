import { show } from '../../errors.ts'
import { chain, type NamedLayer } from '../../model/plan/chain.ts'
import { placeParameters } from '../../model/plan/parameters.ts'
import type { TrainingState } from '../../model/resuming/training-state.ts'
import type { StoredTraining } from '../../model/storage.ts'
import type { WeightShape } from '../../model/weights.ts'
import type { Arrays } from '../../optim/optimizer.ts'
import { formatShape, type Shape, sameShape } from '../../tensor/shape.ts'
import { arrayFrom } from '../safetensors/format.ts'
import { slotTensor } from './format.ts'
import { type ModelFile, readModelFile } from './read-model-file.ts'

/** The weights of layers, without making any. */
export function weightShapes(layers: readonly NamedLayer[], inputShape: Shape): readonly WeightShape[] {
  return placeParameters(chain(layers, inputShape)).placed
}

/** Tells `report` of all differences between the tensors of a file and those of a model with these weights. */
export function compareTensors(
  { document, tensors }: ModelFile,
  weights: readonly WeightShape[],
  report: (problem: string) => void,
): void {
  const expected = new Map(weights.map(({ path, shape }) => [path, shape]))
  for (const slot of document.optimizer?.slots ?? []) {
    for (const { path, shape } of weights) expected.set(slotTensor(slot, path), shape)
  }
  for (const [name, shape] of expected) {
    const found = tensors.get(name)
    const wanted = `expected F32 of ${formatShape(shape)}`
    if (!found) report(`tensor ${show(name)} is missing, ${wanted}`)
    else if (found.dtype !== 'F32' || !sameShape(found.shape, shape)) {
      report(`tensor ${show(name)} is ${found.dtype} of ${formatShape(found.shape)}, ${wanted}`)
    }
  }
  for (const name of tensors.keys()) {
    if (!expected.has(name)) report(`tensor ${show(name)} is not expected`)
  }
}

/** What training goes on from, copied from a file, without the arrays that it lacks. */
export function storedState(
  { document, tensors }: ModelFile,
  weights: readonly WeightShape[],
): TrainingState {
  const arrays = (nameOf: (path: string) => string): Arrays =>
    Object.fromEntries(
      weights.flatMap(({ path }) => {
        const stored = tensors.get(nameOf(path))
        return stored?.dtype === 'F32' ? [[path, arrayFrom(stored) as Float32Array]] : []
      }),
    )
  const { model, compiled, optimizer, fit } = document
  return {
    architecture: { inputShape: model.inputShape, layers: model.layers },
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

/** All arrays of a state, by the names of their tensors. */
export function stateArrays({ weights, optimizer }: TrainingState): [name: string, Float32Array][] {
  const slots = Object.entries(optimizer?.slots ?? {})
  return [
    ...Object.entries(weights),
    ...slots.flatMap(([slot, arrays]) =>
      Object.entries(arrays).map(([path, array]): [string, Float32Array] => [slotTensor(slot, path), array]),
    ),
  ]
}

/**
 * Reads a file that training is to go on from.
 *
 * @param file its path, for errors
 * @returns what gives its state for a model with such weights, and all that keeps its tensors from being of those
 * @throws ModelFileError where it is no model's file
 */
export function readTrainingState(
  bytes: Uint8Array,
  file: string,
): (weights: readonly WeightShape[]) => StoredTraining {
  const modelFile = readModelFile(bytes, file)
  return weights => {
    const problems: string[] = []
    compareTensors(modelFile, weights, problem => problems.push(problem))
    return { state: storedState(modelFile, weights), problems }
  }
}
