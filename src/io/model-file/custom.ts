import type { Config } from '../../config.ts'
import type { Layer } from '../../layers/layer.ts'
import type { Loss } from '../../losses/loss.ts'
import type { Metric } from '../../metrics/metric.ts'
import type { Optimizer } from '../../optim/optimizer.ts'

/** What a model has that the library may not know. */
type Part = Layer | Loss | Metric | Optimizer

/**
 * What makes a part again that is not the library's own: a class or a function that takes the part's config as its only
 * argument, or the part itself.
 */
export type CustomPart = (new (config: never) => Part) | ((config: never) => Part) | Part

/** Such parts by name: a layer's `type`; the `name` of a loss, a metric or an optimiser. */
export interface CustomParts {
  readonly [name: string]: CustomPart
}

/** Makes a part of its config. */
export function makeCustom(part: CustomPart, config: Config): Part {
  if (typeof part !== 'function') return part
  // Arrow functions have no prototype and cannot be constructed; what other functions return is what `new` gives.
  return Object.hasOwn(part, 'prototype')
    ? new (part as new (config: Config) => Part)(config)
    : (part as (config: Config) => Part)(config)
}
