import { fuseConv2D } from '../../layers/conv2d-relu-max-pool2d.ts'
import type { Fusion } from '../../layers/layer.ts'
import type { ChainLink } from './chain.ts'

const fusions: readonly Fusion[] = [fuseConv2D]

/** Replaces each run of links that a fused layer can stand for by one link, which has the name and place of the first. */
export function fuse(links: readonly ChainLink[]): ChainLink[] {
  const steps: ChainLink[] = []
  for (let k = 0; k < links.length; ) {
    const { owner, index, inputShape } = links[k]
    const layers = links.slice(k).map(({ layer }) => layer)
    const found = fusions.map(fusion => fusion(layers, inputShape)).find(fused => fused !== null)
    if (!found) {
      steps.push(links[k++])
      continue
    }
    const { layer, length } = found
    k += length
    const { outputShape } = links[k - 1]
    steps.push({ owner, index, layer, inputShape, outputShape, needs: layer.needs(inputShape) })
  }
  return steps
}
