import { currentBackend } from '../../backend/backend.ts'
import { kerasSignature } from '../../io/keras/signature.ts'
import { loadModel } from '../../io/model-file/load-model.ts'
import type { Sequential } from '../../model/sequential.ts'
import { loadKerasModel } from '../load-keras-model.ts'
import { readBytes } from '../read-bytes.ts'

/**
 * Loads a model from a file of this library or of Keras; its first bytes decide which, not its name.
 *
 * @param compile whether a model of Keras must be one that can be evaluated
 * @throws OptionError for environment variables that ask the impossible
 * @throws DataError, ModelFileError or NonFiniteWeightError naming the file where it has no such model
 */
export async function openModel(
  path: string,
  { compile }: { readonly compile: boolean },
): Promise<Sequential> {
  currentBackend() // Chosen now, so that what the environment has wrong is not said to be wrong with the file.
  const isKeras = kerasSignature(await readBytes(path)) !== null
  return isKeras ? await loadKerasModel(path, { compile }) : await loadModel(path)
}
