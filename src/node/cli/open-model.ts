import { currentBackend } from '../../backend/backend.ts'
import { DataError } from '../../errors.ts'
import { kerasSignature } from '../../io/keras/signature.ts'
import { loadModel } from '../../io/model-file/load-model.ts'
import type { Sequential } from '../../model/sequential.ts'
import { openFile } from '../files/open-file.ts'
import { loadKerasModel } from '../keras/load-keras-model.ts'

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
  const isKeras = kerasSignature(await beginningOf(path)) !== null
  return isKeras ? await loadKerasModel(path, { compile }) : await loadModel(path)
}

async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await openFile(path)
  try {
    return (await file.read(Buffer.alloc(8))).buffer
  } catch (cause) {
    throw new DataError({ file: path }, `cannot be read (${(cause as Error).message})`, { cause })
  } finally {
    await file.close()
  }
}
