import { OptionError } from '../../errors.ts'
import { architectureOf } from '../../model/resuming/architecture.ts'
import type { Sequential } from '../../model/sequential.ts'
import { storage } from '../../model/storage.ts'
import { checkOptions, filePath, flag } from '../../options.ts'
import { checkFinite } from '../exported-weights.ts'
import { Problems } from '../problems.ts'
import type { CustomParts } from './custom.ts'
import { makeModel } from './make-model.ts'
import { readModelFile } from './read-model-file.ts'
import { compareTensors, stateArrays, storedState, weightShapes } from './stored-state.ts'

/** Options of {@link loadModel}. */
export interface LoadOptions {
  /**
   * What makes the parts of the model that are not the library's own, by name: a layer's `type`; the `name` of a loss, metric
   * or optimiser. A class or a function is given the config that was saved; a loss or metric may be given as it is.
   */
  readonly custom?: CustomParts
  /** Whether weights, and numbers of the optimiser, that are NaN or infinite are taken as they are. Default false: they are refused. */
  readonly allowNonFinite?: boolean
}

/**
 * Makes a model again from a file that {@link saveModel} has made. It predicts as it did; where it was compiled, it is, and
 * training goes on with the optimiser as it was: the next step has the same bits as without the detour, on the same backend.
 * With `fit({ resumeFrom: model.getTrainingState() })` an interrupted `fit` goes on where it stood.
 *
 * The file is checked as a whole before a model is made, and all that is wrong with it is listed. Whatever it says, no array
 * is made that is larger than the file.
 *
 * @param source the file's bytes; with Node also its path
 * @throws ModelFileError for what is no such file, one of a newer version, or one that does not fit together; and for parts
 * that are missing in `custom`
 * @throws NonFiniteWeightError for weights, or arrays of the optimiser, that are NaN or infinite, unless `allowNonFinite` is true
 * @throws OptionError for a bad option, DataError where the file cannot be read
 * @example
 * const model = await loadModel('stylist.safetensors')
 * const other = await loadModel(bytes, { custom: { PReLU, huber: (config: HuberOptions) => huber(config) } })
 */
export async function loadModel(source: string | Uint8Array, options: LoadOptions = {}): Promise<Sequential> {
  checkOptions('loadModel', options, ['custom', 'allowNonFinite'])
  const { custom = {}, allowNonFinite = false } = options
  flag('loadModel', 'allowNonFinite', allowNonFinite)
  if (typeof custom !== 'object' || custom === null) {
    throw new OptionError('loadModel', 'custom', custom, 'classes and functions by name, such as { PReLU }')
  }
  if (source instanceof Uint8Array) return parseModel(source, 'loadModel', custom, allowNonFinite)
  if (typeof source !== 'string' && !((source as unknown) instanceof URL)) {
    throw new OptionError('loadModel', 'source', source, 'a path, or the bytes of a file as a Uint8Array')
  }
  const file = filePath('loadModel', 'source', source)
  return parseModel(await storage().read(file), file, custom, allowNonFinite)
}

function parseModel(
  bytes: Uint8Array,
  file: string,
  custom: CustomParts,
  allowNonFinite: boolean,
): Sequential {
  const modelFile = readModelFile(bytes, file)
  const problems: Problems = new Problems(file)
  const model = makeModel(modelFile.document, custom, problems)
  const { inputShape } = modelFile.document.model
  const weights = problems.attempt(() => weightShapes(model.layers, inputShape))
  compareTensors(modelFile, weights, problem => problems.add(problem))
  problems.throwIfAny()
  const state = storedState(modelFile, weights)
  if (!allowNonFinite) checkFinite(file, stateArrays(state))
  problems.attempt(() => {
    model.build(inputShape)
    // Who loads it says what stands for layers that are none of the library's own.
    const architecture = architectureOf(model.layers, inputShape)
    model.setTrainingState({ ...state, architecture }, { allowNonFinite })
  })
  return model
}
