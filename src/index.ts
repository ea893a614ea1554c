export * from './browser.ts'

import './node/host.ts'
import './node/storage.ts'
import './node/terminal.ts'

export { CSVLogger, type CSVLoggerOptions } from './node/callbacks/csv-logger.ts'
export {
  TensorBoard,
  type TensorBoardImages,
  type TensorBoardOptions,
} from './node/callbacks/tensor-board.ts'
export { type FashionMnistOptions, fashionMnist } from './node/fashion-mnist/load-fashion-mnist.ts'
export { readIdx } from './node/files/read-idx.ts'
export { replaceFile } from './node/files/replace-file.ts'
export {
  type KerasModelOptions,
  type KerasWeightsOptions,
  loadKerasModel,
  loadKerasWeights,
} from './node/keras/load-keras-model.ts'
export { decodeImage, readImage } from './node/pictures/read-image.ts'
export { type OnProgress, progressReporter } from './node/progress.ts'
export { type ReadCsvOptions, readCsv } from './node/tables/read-csv.ts'
