import type { Json } from '../../config.ts'
import { show } from '../../errors.ts'
import type { NumericArray } from '../../tensor/tensor.ts'
import { kerasSignature } from '../keras/signature.ts'
import { Problems } from '../problems.ts'
import { arrayFrom } from '../safetensors/format.ts'
import { readSafetensors, type StoredTensor } from '../safetensors/read-safetensors.ts'
import { isJsonObject, parseStrictJson } from '../strict-json.ts'
import { checkDocument, type ModelDocument } from './document.ts'
import { FORMAT, LIBRARY_VERSION, METADATA_KEY } from './format.ts'
import { decodePlain } from './plain.ts'

/** A file that `saveModel` may have written: whether its tensors are those of its model is not known yet. */
export interface ModelFile {
  readonly document: ModelDocument
  /** Those that are not part of the document. */
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

/**
 * Reads what a file says of its model.
 *
 * @param file the file's path, or who was given its bytes, for errors
 * @throws ModelFileError where it is no safetensors file, has no model, was written by a version of the library with a newer
 * format, or says something that is not expected: all of that
 */
export function readModelFile(bytes: Uint8Array, file: string): ModelFile {
  const problems: Problems = new Problems(file)
  const foreign = kerasSignature(bytes)
  if (foreign) problems.fail(`is ${foreign}, as files of Keras are: loadKerasModel reads those`)
  const { metadata, tensors } = readSafetensors(bytes, file)
  const text = metadata.get(METADATA_KEY)
  if (text === undefined) {
    problems.fail(
      `is a safetensors file without a model: its metadata has no ${METADATA_KEY}, as saveModel writes it`,
    )
  }
  const json = parseDocument(text, problems)
  const own = new Map(tensors)
  const arrayOf = (name: string): NumericArray => {
    const stored = tensors.get(name)
    const array = stored ? arrayFrom(stored) : null
    if (array === null) {
      problems.add(
        `tensor ${show(name)} is ${stored ? `of ${stored.dtype}` : 'missing'}, expected an array of numbers`,
      )
    }
    own.delete(name)
    return array ?? new Uint8Array(0)
  }
  const document = decodePlain(json, arrayOf, problem => problems.add(problem))
  problems.throwIfAny()
  checkDocument(document, problem => problems.add(problem))
  problems.throwIfAny()
  return { document: document as unknown as ModelDocument, tensors: own }
}

/** The JSON of a model, in a format that is known. */
function parseDocument(text: string, problems: Problems): Json {
  let json: Json
  try {
    json = parseStrictJson(text)
  } catch (cause) {
    problems.fail(`its model is no JSON text (${(cause as Error).message})`, { cause })
  }
  const { format, library } = isJsonObject(json) ? json : {}
  if (!Number.isSafeInteger(format) || Number(format) < 1) {
    problems.fail(`the format of its model is ${show(format)}, expected a whole number from 1 to ${FORMAT}`)
  }
  if (Number(format) > FORMAT) {
    problems.fail(
      `was written by convnet-ts ${show(library)} in format ${format}; ` +
        `this is convnet-ts ${LIBRARY_VERSION}, which reads formats up to ${FORMAT}: a newer one is needed`,
    )
  }
  return json
}
