import { OptionError, ShapeError } from '../errors.ts'
import { formatShape, type Shape, sameShape } from '../tensor/shape.ts'
import { flat, isTensor, type Real, type Rows, type Tensor, tensor } from '../tensor/tensor.ts'
import type { Network } from './plan/network.ts'
import type { PlacedParameter } from './plan/parameters.ts'
import { shapeOf } from './rows.ts'

/** What a weight is, without its numbers. */
export interface WeightShape {
  /** `conv2d/kernel` */
  readonly path: string
  readonly shape: Shape
}

/** Copies of a network's weights, layer by layer. */
export function copyWeights<A extends Real>({ values, placed }: Network<A>): Tensor<A>[] {
  return placed.map(({ shape, offset, size }) => tensor(values.slice(offset, offset + size) as A, shape))
}

/**
 * Replaces a network's weights, in the order of `copyWeights`.
 * @throws ShapeError naming the weight that does not fit, before any is changed
 */
export function replaceWeights<A extends Real>(
  owner: string,
  { values, placed }: Network<A>,
  weights: readonly Rows[],
): void {
  if (!Array.isArray(weights)) throw new OptionError(owner, 'weights', weights, 'a list of arrays')
  if (weights.length !== placed.length) {
    throw new ShapeError(owner, `got ${weights.length} arrays, the model has ${placed.length} weights`)
  }
  const arrays = placed.map(({ path, shape, size }, i) => {
    const given = weights[i]
    const found = shapeOf(owner, `weights[${i}]`, given)
    if (isTensor(given) ? !sameShape(found, shape) : found[0] !== size) {
      throw new ShapeError(owner, `${path} has shape ${formatShape(shape)}, got ${formatShape(found)}`)
    }
    return isTensor(given) ? flat(given) : given
  })
  for (const [i, { offset }] of placed.entries()) values.set(arrays[i], offset)
}

/** Cuts a flat array that lies like a network's weights into a copy for each of them. */
export function cutUp<A extends Real>(placed: readonly PlacedParameter[], flat: A): { [path: string]: A } {
  return Object.fromEntries(
    placed.map(({ path, offset, size }) => [path, flat.slice(offset, offset + size) as A]),
  )
}

/** Undoes {@link cutUp}: what lies between the weights stays as it is. */
export function putTogether<A extends Real>(
  placed: readonly PlacedParameter[],
  arrays: { readonly [path: string]: A },
  flat: A,
): void {
  for (const { path, offset } of placed) flat.set(arrays[path], offset)
}
