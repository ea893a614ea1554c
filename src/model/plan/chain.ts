import { ShapeError, show } from '../../errors.ts'
import type { Layer, Needs } from '../../layers/layer.ts'
import { formatShape, MAX_ELEMENTS, type Shape, sizeOf } from '../../tensor/shape.ts'

/** A layer as one model knows it: with a name of its own. */
export interface NamedLayer {
  readonly name: string
  readonly layer: Layer
}

/** One layer of a chain, with composite layers replaced by their parts. */
export interface ChainLink {
  /** The name of the user's layer that this link is, or is a part of. */
  readonly owner: string
  /** Its place in the chain, that of the first link where several are fused: it tells two masks of Dropout apart. */
  readonly index: number
  readonly layer: Layer
  readonly inputShape: Shape
  readonly outputShape: Shape
  readonly needs: Needs
}

/**
 * Works out the shapes of layers that follow one another, and replaces composite layers by their parts.
 * @throws ShapeError naming the layer that does not fit, or that takes more than any array can hold
 */
export function chain(layers: readonly NamedLayer[], input: Shape): ChainLink[] {
  const links: ChainLink[] = []
  let shape = input
  for (const { name, layer } of layers) {
    const parts = layer.parts?.() ?? [layer]
    if (parts.length === 0) throw new ShapeError(`layer ${name}`, 'parts() gives no layer')
    const parameters = new Set<string>()
    for (const part of parts) {
      try {
        const outputShape = part.outputShape(shape)
        const needs = part.needs(shape)
        checkOutput(shape, outputShape, needs)
        checkParameters(parameters, needs)
        checkSizes(outputShape, needs)
        links.push({
          owner: name,
          index: links.length,
          layer: part,
          inputShape: shape,
          outputShape,
          needs,
        })
        shape = outputShape
      } catch (error) {
        if (error instanceof ShapeError) throw new ShapeError(`layer ${name}`, error.detail)
        throw error
      }
    }
  }
  return links
}

/** Adds the names of a part's parameters to those of the parts before it: weights are known by their layer and name. */
function checkParameters(before: Set<string>, { parameters = {} }: Needs): void {
  for (const name of Object.keys(parameters)) {
    if (before.has(name)) throw new ShapeError('', `two of its parts have a parameter ${name}, expected one`)
    before.add(name)
  }
}

/** Holds a layer, which may be a user's own, to what it says of itself. */
function checkOutput(input: Shape, output: Shape, { inPlace }: Needs): void {
  if (!Array.isArray(output) || !output.every(length => Number.isSafeInteger(length) && length > 0)) {
    throw new ShapeError('', `outputShape gives ${show(output)}, expected lengths of at least 1`)
  }
  if (inPlace && sizeOf(output) !== sizeOf(input)) {
    const [from, to] = [input, output].map(formatShape)
    throw new ShapeError('', `it cannot work in place, since it makes ${to} of ${from}`)
  }
}

/** Refuses what no memory holds before any is asked for: beyond it, sizes are not even exact numbers. */
function checkSizes(output: Shape, { parameters = {}, saved = {} }: Needs): void {
  const check = (what: string, elements: number) => {
    if (elements <= MAX_ELEMENTS) return
    throw new ShapeError('', `${what} would have ${elements} elements, ${MAX_ELEMENTS} can be`)
  }
  check(`a row of its output, of shape ${formatShape(output)},`, sizeOf(output))
  for (const [name, { shape }] of Object.entries(parameters))
    check(`its ${name}, of shape ${formatShape(shape)},`, sizeOf(shape))
  for (const [name, { perRow }] of Object.entries(saved)) check(`${name}, which it keeps of a row,`, perRow)
}
