import type { Config } from '../../config.ts'
import { isBuiltInLayer } from '../../layers/built-in.ts'
import type { Shape } from '../../tensor/shape.ts'
import type { NamedLayer } from '../plan/chain.ts'
import { nameDifferences, optionDifferences, valueDifferences } from './differences.ts'

/** What a model computes, without its numbers. */
export interface Architecture {
  /** The shape of one row of input. */
  readonly inputShape: Shape
  /** In their order. */
  readonly layers: readonly LayerDescription[]
}

/** What makes a layer again. */
export interface LayerDescription {
  readonly type: string
  /** The one that it has in its model. */
  readonly name: string
  /** Its options; those of a layer that is none of the library's own have its `name` among them, where it was given one. */
  readonly config: Config
  /** Whether it is none of the library's own, so that only its maker can make it again. */
  readonly custom: boolean
}

/** What a model with these layers computes. */
export function architectureOf(layers: readonly NamedLayer[], inputShape: Shape): Architecture {
  return { inputShape, layers: layers.map(describeLayer) }
}

function describeLayer({ name, layer }: NamedLayer): LayerDescription {
  const { type, config } = layer
  const custom = !isBuiltInLayer(layer)
  return {
    type,
    name,
    config: custom && layer.name !== undefined ? { ...config, name: layer.name } : config,
    custom,
  }
}

/** What keeps a model from computing what another did. */
export function architectureDifferences(then: Architecture, now: Architecture): string[] {
  const names = ({ layers }: Architecture) => layers.map(({ name }) => name)
  const found = [
    ...valueDifferences('inputShape', then.inputShape, now.inputShape),
    ...nameDifferences('layers', names(then), names(now)),
  ]
  if (found.length === 0) found.push(...valueDifferences('the order of layers', names(then), names(now)))
  const before = new Map(then.layers.map(layer => [layer.name, layer]))
  for (const layer of now.layers) {
    const same = before.get(layer.name)
    if (same) found.push(...layerDifferences(same, layer))
  }
  return found
}

function layerDifferences(then: LayerDescription, now: LayerDescription): string[] {
  const owner = `layer ${now.name}`
  const kind = ({ type, custom }: LayerDescription) => (custom ? `${type} (not the library's own)` : type)
  const found = valueDifferences(owner, kind(then), kind(now))
  return found.length > 0 ? found : optionDifferences(owner, then.config, now.config)
}
