import type { Config } from '../../config.ts'
import type { FitState, OptimizerMemory, Plain, Turn } from '../../model/training-state.ts'
import type { Shape } from '../../tensor/shape.ts'
import { anything, fields, flag, is, listOf, mapOf, nullOr, number, oneOf, text, whole } from '../schema.ts'
import { METADATA_KEY } from './format.ts'

/** What a file says of a model beside its tensors. */
export interface ModelDocument {
  /** Which format the file has. */
  readonly format: number
  /** The version of the library that has written it. */
  readonly library: string
  readonly model: {
    readonly name: string
    readonly seed: number
    readonly inputShape: Shape
    readonly layers: readonly LayerDescription[]
  }
  /** Null for a model that is not compiled. */
  readonly compiled: {
    readonly loss: PartDescription
    readonly metrics: readonly PartDescription[]
    readonly optimizer: PartDescription
  } | null
  /** What the optimiser keeps beside its arrays; null for a model that is not compiled. */
  readonly optimizer: OptimizerNumbers | null
  /** Where its last `fit` stands. */
  readonly fit: FitState | null
}

/** What makes a loss, a metric or an optimiser again. */
export interface PartDescription {
  readonly name: string
  readonly config: Config
  /** Whether it is none of the library's own, so that whoever loads the file must give what makes it. */
  readonly custom: boolean
}

/** What makes a layer again. Its name is the one that it has in the model. */
export interface LayerDescription extends PartDescription {
  readonly type: string
}

/** An optimiser's numbers, and the names of its arrays, which are tensors of the file. */
export interface OptimizerNumbers extends Pick<OptimizerMemory, 'steps' | 'scalars'> {
  readonly learningRate: number
  readonly slots: readonly string[]
}

/** Far more than any model that follows one path has. */
const MAX_LAYERS = 10_000

/** Each slot of an optimiser has a tensor for each weight, which are looked for one by one. */
const MAX_SLOTS = 16

const config = mapOf(anything)
const part = { name: text, config, custom: flag }

const turns: { readonly [turn in Turn]: null } = {
  onEpochBegin: null,
  onBatchBegin: null,
  onBatchEnd: null,
  onTestBegin: null,
  onTestEnd: null,
  onEpochEnd: null,
}

const dataSummary = fields<FitState['settings']['data']>({ rows: whole, fingerprint: whole })

const fit = fields<FitState>({
  settings: fields<FitState['settings']>({
    epochs: whole,
    batchSize: whole,
    shuffle: flag,
    seed: whole,
    loss: fields<FitState['settings']['loss']>({ name: text, config }),
    metrics: listOf(text),
    data: dataSummary,
    validation: nullOr(dataSummary),
  }),
  epoch: is('a whole number of at least -1', value => Number.isSafeInteger(value) && Number(value) >= -1),
  batch: whole,
  turn: oneOf(Object.keys(turns)),
  told: whole,
  sums: is('an array of float64', value => value instanceof Float64Array),
  logs: mapOf(number),
  stopTraining: flag,
  callbacks: listOf(fields<FitState['callbacks'][number]>({ type: text, state: anything })),
})

const schema = fields<ModelDocument>({
  format: whole,
  library: text,
  model: fields<ModelDocument['model']>({
    name: text,
    seed: whole,
    inputShape: listOf(whole),
    layers: listOf(fields<LayerDescription>({ ...part, type: text }), MAX_LAYERS),
  }),
  compiled: nullOr(
    fields<NonNullable<ModelDocument['compiled']>>({
      loss: fields<PartDescription>(part),
      metrics: listOf(fields<PartDescription>(part)),
      optimizer: fields<PartDescription>(part),
    }),
  ),
  optimizer: nullOr(
    fields<OptimizerNumbers>({
      learningRate: number,
      steps: whole,
      scalars: mapOf(number),
      slots: listOf(text, MAX_SLOTS),
    }),
  ),
  fit: nullOr(fit),
})

/** Tells `report` of all that keeps plain data from being a {@link ModelDocument}. */
export function checkDocument(value: Plain | ModelDocument, report: (problem: string) => void): void {
  schema(value as Plain, METADATA_KEY, report)
}
