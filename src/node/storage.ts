import { saveModel } from '../io/model-file/save-model.ts'
import { readTrainingState } from '../io/model-file/stored-state.ts'
import { setStorage } from '../model/storage.ts'
import { filePath } from '../options.ts'
import { readBytes } from './read-bytes.ts'
import { replaceFile } from './replace-file.ts'

/** Models are kept in files; importing this module is what chooses it. */
setStorage({
  async save(model, path, options) {
    // Encoded before anything is waited for, while the model is as it was at the call.
    await replaceFile(filePath('save', 'path', path), saveModel(model, options))
  },
  readTrainingState: async (path, model) => readTrainingState(await readBytes(path), path, model),
  read: readBytes,
})
