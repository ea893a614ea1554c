export type { Config, Json } from './config.ts'
export { head, info } from './data/describe.ts'
export { classNames, type FashionMnist, type LabelledImages } from './data/fashion-mnist.ts'
export { type GarmentsOptions, garments } from './data/garments.ts'
export { type IdxArray, parseIdx } from './data/idx.ts'
export { type ArrayOf, column, type DType, type Table, unique } from './data/table.ts'
export { type Split, type SplitOptions, trainTestSplit } from './data/train-test-split.ts'
export {
  ConvnetError,
  DataError,
  type DataPlace,
  NonFiniteError,
  OptionError,
  ShapeError,
  StateError,
} from './errors.ts'
export type * from './kernels/kernels.ts'
export { Activation, type ActivationName, type ActivationOptions } from './layers/activation.ts'
export { Conv2D, type Conv2DOptions } from './layers/conv2d.ts'
export { Dense, type DenseOptions } from './layers/dense.ts'
export { Dropout, type DropoutOptions } from './layers/dropout.ts'
export { Flatten } from './layers/flatten.ts'
export type * from './layers/layer.ts'
export { MaxPool2D, type MaxPool2DOptions } from './layers/max-pool2d.ts'
export { Rescaling, type RescalingOptions } from './layers/rescaling.ts'
export type { Padding } from './layers/window.ts'
export { binaryCrossentropy } from './losses/binary-crossentropy.ts'
export { categoricalCrossentropy } from './losses/categorical-crossentropy.ts'
export type { CrossentropyOptions } from './losses/crossentropy.ts'
export type * from './losses/loss.ts'
export type { LossName } from './losses/losses.ts'
export * from './losses/mean-squared-error.ts'
export { sparseCategoricalCrossentropy } from './losses/sparse-categorical-crossentropy.ts'
export * from './metrics/accuracy.ts'
export { argmaxRows } from './metrics/argmax.ts'
export * from './metrics/classification-report.ts'
export * from './metrics/confusion-matrix.ts'
export * from './metrics/format-classification-report.ts'
export type * from './metrics/metric.ts'
export type { MetricName } from './metrics/metrics.ts'
export * from './metrics/misclassification-rate.ts'
export type * from './model/callbacks.ts'
export { History, type Logs } from './model/history.ts'
export type { BatchOptions, CompileOptions, FitOptions, SequentialOptions } from './model/options.ts'
export type { Verbosity } from './model/progress-bar.ts'
export { Sequential } from './model/sequential.ts'
export * from './optim/adam.ts'
export type * from './optim/optimizer.ts'
export type { OptimizerName } from './optim/optimizers.ts'
export * from './optim/sgd.ts'
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  type InitializerName,
  ones,
  zeros,
} from './tensor/initializers.ts'
export * from './tensor/random.ts'
export * from './tensor/shape.ts'
export * from './tensor/tensor.ts'
export { alignedTable } from './text/aligned-table.ts'
export { setTerminal, type Terminal } from './text/terminal.ts'
