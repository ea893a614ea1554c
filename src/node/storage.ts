import { access, constants } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import { DataError, OptionError } from '../errors.ts'
import { saveModel } from '../io/model-file/save-model.ts'
import { readTrainingState } from '../io/model-file/stored-state.ts'
import { setStorage } from '../model/storage.ts'
import { filePath } from '../options.ts'
import { makeFolder } from './files/make-folder.ts'
import { readBytes } from './files/read-bytes.ts'
import { replaceFile } from './files/replace-file.ts'
import { whyNoFolder } from './files/why-no-folder.ts'

/** Models are kept in files; importing this module is what chooses it. */
setStorage({
  async save(model, path, options) {
    // Encoded before anything is waited for, while the model is as it was at the call.
    await replaceFile(modelPath(path), saveModel(model, options))
  },
  async prepare(path) {
    const folder = dirname(modelPath(path))
    try {
      await makeFolder(folder)
      const why = await whyNoFolder(folder)
      if (why !== null) throw new Error(why)
      await access(folder, constants.W_OK)
      if ((await whyNoFolder(path)) === null) throw new Error('a folder has this name')
    } catch (cause) {
      throw new DataError({ file: path }, `cannot be written (${(cause as Error).message})`, { cause })
    }
  },
  readTrainingState: async path => readTrainingState(await readBytes(path), path),
  read: readBytes,
})

/** Names of files that are not what `save` writes, and what writes such ones. */
const foreign: { readonly [extension: string]: string } = {
  '.keras': 'loadKerasModel reads files of Keras, and nothing here writes them',
  '.h5': 'loadKerasModel reads files of Keras, and nothing here writes them',
  '.onnx': "toOnnx of 'convnet-ts/export' writes ONNX",
  '.npz': "toNpz of 'convnet-ts/export' writes NumPy's archives",
}

/** @throws OptionError where a path is none, or names a file that a model is not */
function modelPath(path: string): string {
  const extension = extname(filePath('save', 'path', path)).toLowerCase()
  if (Object.hasOwn(foreign, extension)) {
    throw new OptionError('save', 'path', path, `a name such as model.safetensors (${foreign[extension]})`)
  }
  return path
}
