import { UnsupportedLayerError } from '../errors.ts'
import { isBuiltInLayer } from '../layers/built-in.ts'
import { linkNames } from '../model/layer-outputs.ts'
import { type ChainLink, chain } from '../model/plan/chain.ts'
import type { Sequential } from '../model/sequential.ts'
import type { Shape } from '../tensor/shape.ts'

/** A link of a model's chain, with the name that `layerOutputs` gives it. */
export interface ExportedLink extends ChainLink {
  readonly name: string
}

/** What an exporter to a format with layers, or to code, goes through. */
export interface ExportedChain {
  readonly links: readonly ExportedLink[]
  /** Of one row. */
  readonly inputShape: Shape
  /** Of one row. */
  readonly outputShape: Shape
}

/**
 * A model's layers, composite ones replaced by their parts.
 *
 * @param owner who exports the model, for the error
 * @param model one that `checkExported` found good
 * @throws UnsupportedLayerError for a layer that is not of the library's own classes: what it computes is known to itself alone
 */
export function exportedChain(owner: string, { layers, inputShape }: Sequential): ExportedChain {
  const links = chain(layers, inputShape!)
  for (const link of links) {
    if (isBuiltInLayer(link.layer)) continue
    const expected = "only the library's own layers can be exported"
    throw new UnsupportedLayerError(owner, link.owner, `it is a ${link.layer.type} of your own, ${expected}`)
  }
  const names = linkNames(links)
  return {
    links: links.map((link, i) => ({ ...link, name: names[i] })),
    inputShape: inputShape!,
    outputShape: links.at(-1)!.outputShape,
  }
}
