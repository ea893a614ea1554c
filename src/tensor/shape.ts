/** The length of each axis, outermost first. Layers speak of the shape of one row: the batch axis is not in it. */
export type Shape = readonly number[]

/** More elements no array has: not with Node 20, and not in the 4 GiB that the addresses of the fast kernels reach. */
export const MAX_ELEMENTS = 2 ** 32

/**
 * The number of elements: the product of all axes, 1 for a scalar.
 *
 * @example sizeOf([28, 28, 1]) // 784
 */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1)
}

/**
 * A shape as Keras and NumPy print it, with a comma behind a single axis.
 *
 * @example formatShape([784]) // '(784,)'
 */
export function formatShape(shape: readonly (number | string)[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}

/** Whether two shapes have the same axes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis])
}
