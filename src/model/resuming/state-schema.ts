import type { Numerics } from '../../kernels/simd/numerics.ts'
import {
  anything,
  fields,
  flag,
  float32,
  is,
  listOf,
  mapOf,
  nullOr,
  number,
  oneOf,
  optional,
  type Schema,
  text,
  whole,
  wholeFrom,
} from '../../schema.ts'
import { turns } from '../training/turns.ts'
import type { Architecture, LayerDescription } from './architecture.ts'
import type {
  CallbackSnapshot,
  DataSummary,
  FitSettings,
  FitState,
  OptimizerSnapshot,
  TrainingState,
} from './training-state.ts'

/*
 * What a training state is made of, in a file or handed in as an object. Whether it fits a model is another question.
 */

/** The options of a layer, a loss or an optimiser, which knows better what they may be. */
export const config: Schema = mapOf(anything)

/** Far more than any model that follows one path has. */
const MAX_LAYERS = 10_000

export const layerDescriptions: Schema = listOf(
  fields<LayerDescription>({ type: text, name: text, config, custom: flag }),
  MAX_LAYERS,
)

const dataSummary = fields<DataSummary>({ rows: wholeFrom(1), fingerprint: whole })

const numerics: readonly Numerics[] = ['strict', 'fast']

export const fitState: Schema = fields<FitState>({
  settings: fields<FitSettings>({
    epochs: whole,
    batchSize: wholeFrom(1),
    shuffle: flag,
    seed: whole,
    loss: fields<FitSettings['loss']>({ name: text, config }),
    metrics: listOf(text),
    data: dataSummary,
    validation: nullOr(dataSummary),
    numerics: optional(oneOf(numerics)),
    fusion: optional(flag),
  }),
  epoch: wholeFrom(-1),
  batch: whole,
  turn: oneOf(turns),
  told: whole,
  sums: is('an array of float64', value => value instanceof Float64Array),
  logs: mapOf(number),
  stopTraining: flag,
  callbacks: listOf(fields<CallbackSnapshot>({ type: text, state: anything })),
})

const arrays = mapOf(float32)

/** What `getTrainingState` gives. */
export const trainingState: Schema = fields<TrainingState>({
  architecture: fields<Architecture>({ inputShape: listOf(wholeFrom(1)), layers: layerDescriptions }),
  weights: arrays,
  optimizer: nullOr(
    fields<OptimizerSnapshot>({
      name: text,
      config,
      learningRate: number,
      steps: whole,
      slots: mapOf(arrays),
      scalars: mapOf(number),
    }),
  ),
  fit: nullOr(fitState),
})
