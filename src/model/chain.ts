import { ShapeError } from '../errors.ts'
import type { Layer, Needs } from '../layers/layer.ts'
import type { Shape } from '../tensor/shape.ts'

/** A layer as one model knows it: with a name of its own. */
export interface NamedLayer {
  readonly name: string
  readonly layer: Layer
}

/** One layer of a chain, with composite layers replaced by their parts. */
export interface ChainLink {
  /** The name of the user's layer that this link is, or is a part of. */
  readonly owner: string
  readonly layer: Layer
  readonly inputShape: Shape
  readonly outputShape: Shape
  readonly needs: Needs
}

/**
 * Works out the shapes of layers that follow one another, and replaces composite layers by their parts.
 * @throws ShapeError naming the layer that does not fit
 */
export function chain(layers: readonly NamedLayer[], input: Shape): ChainLink[] {
  const links: ChainLink[] = []
  let shape = input
  for (const { name, layer } of layers) {
    for (const part of layer.parts?.() ?? [layer]) {
      try {
        const outputShape = part.outputShape(shape)
        links.push({ owner: name, layer: part, inputShape: shape, outputShape, needs: part.needs(shape) })
        shape = outputShape
      } catch (error) {
        if (error instanceof ShapeError) throw new ShapeError(`layer ${name}`, error.detail)
        throw error
      }
    }
  }
  return links
}
