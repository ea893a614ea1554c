import type { Parameter } from '../../layers/layer.ts'
import type { Initializer } from '../../tensor/initializers.ts'
import { random } from '../../tensor/random.ts'
import { type Shape, sizeOf } from '../../tensor/shape.ts'
import type { Real } from '../../tensor/tensor.ts'
import type { ChainLink } from './chain.ts'

/** Where a trained array lies in the one flat array of a model's weights. */
export interface PlacedParameter {
  /** `conv2d/kernel`: unique in the model. */
  readonly path: string
  /** The link of the chain that it belongs to, and its name there. */
  readonly link: number
  readonly name: string
  readonly shape: Shape
  readonly initializer: Initializer
  readonly offset: number
  readonly size: number
}

/** Trained arrays start at multiples of this many elements: 64 bytes of float32. What is between stays 0. */
const ALIGNMENT = 16

/** Places the trained arrays of a chain one behind the other. */
export function placeParameters(links: readonly ChainLink[]): { placed: PlacedParameter[]; length: number } {
  const placed: PlacedParameter[] = []
  let length = 0
  for (const [link, { owner, needs }] of links.entries()) {
    for (const [name, { shape, initializer }] of Object.entries(needs.parameters ?? {})) {
      const size = sizeOf(shape)
      placed.push({ path: `${owner}/${name}`, link, name, shape, initializer, offset: length, size })
      length += Math.ceil(size / ALIGNMENT) * ALIGNMENT
    }
  }
  return { placed, length }
}

/** Draws the first values of all parameters; each has a random stream of its own, named by its path. */
export function initialize<A extends Real>(
  values: A,
  placed: readonly PlacedParameter[],
  seed: number,
): void {
  for (const { path, shape, initializer, offset, size } of placed) {
    initializer(values.subarray(offset, offset + size) as A, shape, random(seed, path))
  }
}

/** Cuts the flat arrays of values and gradients into the parameters of each link that has some. */
export function parametersByLink<A extends Real>(
  placed: readonly PlacedParameter[],
  values: A,
  gradients: A,
): Map<number, { [name: string]: Parameter<A> }> {
  const cut = (whole: A, { offset, size }: PlacedParameter) => whole.subarray(offset, offset + size) as A
  const byLink = new Map<number, [name: string, Parameter<A>][]>()
  for (const parameter of placed) {
    const own = byLink.get(parameter.link) ?? []
    own.push([parameter.name, { value: cut(values, parameter), gradient: cut(gradients, parameter) }])
    byLink.set(parameter.link, own)
  }
  return new Map([...byLink].map(([link, own]) => [link, Object.fromEntries(own)]))
}
