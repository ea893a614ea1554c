export { backend, setBackend } from './backend/backend.ts'
export { type BackendInfo, formatBackend } from './backend/info.ts'
export type { BackendOptions } from './backend/options.ts'
export type { Config, Json } from './config.ts'
export { head, info } from './data/describe.ts'
export type { FashionMnist, LabelledImages } from './data/fashion-mnist.ts'
export { type GarmentsOptions, garments } from './data/garments.ts'
export { type IdxArray, parseIdx } from './data/idx.ts'
export { photoToInput } from './data/photo.ts'
export { type ArrayOf, column, type DType, type Table, unique } from './data/table.ts'
export { type Split, type SplitOptions, trainTestSplit } from './data/train-test-split.ts'
export {
  ConvnetError,
  DataError,
  type DataPlace,
  FormatLimitError,
  MemoryError,
  ModelFileError,
  NonFiniteError,
  type NonFiniteWeight,
  NonFiniteWeightError,
  OptionError,
  ResumeError,
  ShapeError,
  StateError,
  UnsupportedLayerError,
  WorkerError,
} from './errors.ts'
export type { CustomPart, CustomParts } from './io/model-file/custom.ts'
export { type LoadOptions, loadModel } from './io/model-file/load-model.ts'
export { saveModel } from './io/model-file/save-model.ts'
export type {
  AdamStep,
  Arithmetic,
  Conv2DGeometry,
  Conv2DReluPoolGeometry,
  DenseGeometry,
  Kernels,
  Mask,
  MaskKey,
  SgdStep,
  WindowGeometry,
} from './kernels/kernels.ts'
export type { Numerics } from './kernels/simd/numerics.ts'
export { Activation, type ActivationName, type ActivationOptions } from './layers/activation.ts'
export { Conv2D, type Conv2DOptions } from './layers/conv2d.ts'
export { Dense, type DenseOptions } from './layers/dense.ts'
export { Dropout, type DropoutOptions } from './layers/dropout.ts'
export { Flatten } from './layers/flatten.ts'
export type {
  Layer,
  LayerOptions,
  Memory,
  Needs,
  Parameter,
  ParameterSpec,
  Pass,
  SavedSpec,
  Step,
} from './layers/layer.ts'
export { MaxPool2D, type MaxPool2DOptions } from './layers/max-pool2d.ts'
export { Rescaling, type RescalingOptions } from './layers/rescaling.ts'
export type { Padding } from './layers/window.ts'
export { binaryCrossentropy } from './losses/binary-crossentropy.ts'
export { categoricalCrossentropy } from './losses/categorical-crossentropy.ts'
export type { CrossentropyOptions } from './losses/crossentropy.ts'
export type { Loss } from './losses/loss.ts'
export type { LossName } from './losses/losses.ts'
export { meanSquaredError } from './losses/mean-squared-error.ts'
export { sparseCategoricalCrossentropy } from './losses/sparse-categorical-crossentropy.ts'
export { accuracy } from './metrics/accuracy.ts'
export { argmaxRows } from './metrics/argmax.ts'
export type { ClassIndices } from './metrics/class-indices.ts'
export {
  type ClassificationReport,
  type ClassificationReportOptions,
  type ClassScores,
  classificationReport,
  type Scores,
} from './metrics/classification-report.ts'
export { type ConfusionMatrixOptions, confusionMatrix } from './metrics/confusion-matrix.ts'
export {
  type FormatClassificationReportOptions,
  formatClassificationReport,
} from './metrics/format-classification-report.ts'
export { formatConfusionMatrix } from './metrics/format-confusion-matrix.ts'
export type { Metric } from './metrics/metric.ts'
export type { MetricName } from './metrics/metrics.ts'
export { misclassificationRate } from './metrics/misclassification-rate.ts'
export type { CallbackVerbosity } from './model/callbacks/announcer.ts'
export type { Callback, FitParams } from './model/callbacks/callback.ts'
export { EarlyStopping, type EarlyStoppingOptions } from './model/callbacks/early-stopping.ts'
export { History } from './model/callbacks/history.ts'
export { LambdaCallback } from './model/callbacks/lambda-callback.ts'
export {
  type LearningRateSchedule,
  LearningRateScheduler,
  type LearningRateSchedulerOptions,
} from './model/callbacks/learning-rate-scheduler.ts'
export {
  type Checkpoint,
  ModelCheckpoint,
  type ModelCheckpointOptions,
} from './model/callbacks/model-checkpoint.ts'
export type { MonitorMode, MonitorOptions } from './model/callbacks/monitor.ts'
export { ProgressBar, type ProgressBarOptions, type Verbosity } from './model/callbacks/progress-bar.ts'
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './model/callbacks/reduce-lr-on-plateau.ts'
export type { LayerOutput } from './model/layer-outputs.ts'
export type { Logs } from './model/logs.ts'
export type {
  BatchOptions,
  Compiled,
  CompileOptions,
  FitOptions,
  SequentialOptions,
  StateOptions,
} from './model/options.ts'
export type { NamedLayer } from './model/plan/chain.ts'
export type { Architecture, LayerDescription } from './model/resuming/architecture.ts'
export type {
  CallbackSnapshot,
  DataSummary,
  FitSettings,
  FitState,
  OptimizerSnapshot,
  Plain,
  TrainingState,
  Turn,
} from './model/resuming/training-state.ts'
export { Sequential } from './model/sequential.ts'
export type { SaveOptions } from './model/storage.ts'
export type { WeightShape } from './model/weights.ts'
export { Adam, type AdamOptions } from './optim/adam.ts'
export type { Arrays, Optimizer, OptimizerMemory, OptimizerState } from './optim/optimizer.ts'
export type { OptimizerName } from './optim/optimizers.ts'
export { SGD, type SGDOptions } from './optim/sgd.ts'
export type { ImageTensor } from './report/picture/image-pixels.ts'
export { type DrawImageOptions, drawImage } from './report/terminal/draw-image.ts'
export { type DrawImagesOptions, drawImages } from './report/terminal/draw-images.ts'
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
export { type Random, random } from './tensor/random.ts'
export { formatShape, type Shape, sizeOf } from './tensor/shape.ts'
export {
  flat,
  isTensor,
  type NumericArray,
  type Real,
  type Rows,
  type Tensor,
  tensor,
} from './tensor/tensor.ts'
export { alignedTable } from './text/aligned-table.ts'
export { setTerminal, type Terminal, terminal } from './text/terminal.ts'
