import type { Config } from '../../config.ts'
import type { LayerDescription } from '../../model/resuming/architecture.ts'
import { config, fitState, layerDescriptions } from '../../model/resuming/state-schema.ts'
import type { FitState, Plain } from '../../model/resuming/training-state.ts'
import type { OptimizerMemory } from '../../optim/optimizer.ts'
import { fields, flag, listOf, mapOf, nullOr, number, text, whole } from '../../schema.ts'
import type { Shape } from '../../tensor/shape.ts'
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

/** An optimiser's numbers, and the names of its arrays, which are tensors of the file. */
export interface OptimizerNumbers extends Pick<OptimizerMemory, 'steps' | 'scalars'> {
  readonly learningRate: number
  readonly slots: readonly string[]
}

/** Each slot of an optimiser has a tensor for each weight, which are looked for one by one. */
const MAX_SLOTS = 16

const part = { name: text, config, custom: flag }

const schema = fields<ModelDocument>({
  format: whole,
  library: text,
  model: fields<ModelDocument['model']>({
    name: text,
    seed: whole,
    inputShape: listOf(whole),
    layers: layerDescriptions,
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
  fit: nullOr(fitState),
})

/** Tells `report` of all that keeps plain data from being a {@link ModelDocument}. */
export function checkDocument(value: Plain | ModelDocument, report: (problem: string) => void): void {
  schema(value as Plain, METADATA_KEY, report)
}
