export * from './browser.ts'

import './node/host.ts'
import './node/storage.ts'
import './node/terminal.ts'

export { CSVLogger, type CSVLoggerOptions } from './node/csv-logger.ts'
export { type FashionMnistOptions, fashionMnist } from './node/load-fashion-mnist.ts'
export {
  type KerasModelOptions,
  type KerasWeightsOptions,
  loadKerasModel,
  loadKerasWeights,
} from './node/load-keras-model.ts'
export { type OnProgress, progressReporter } from './node/progress.ts'
export { type ReadCsvOptions, readCsv } from './node/read-csv.ts'
export { readIdx } from './node/read-idx.ts'
export { decodeImage, readImage } from './node/read-image.ts'
export { replaceFile } from './node/replace-file.ts'
export { TensorBoard, type TensorBoardImages, type TensorBoardOptions } from './node/tensor-board.ts'
