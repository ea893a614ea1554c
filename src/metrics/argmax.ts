import { ShapeError } from '../errors.ts'
import { formatShape } from '../tensor/shape.ts'
import { flat, type NumericArray, type Tensor } from '../tensor/tensor.ts'

/**
 * Where the largest of `size` numbers from `start` is, counted from `start`: the first of equals, or the first NaN if
 * there is one, as NumPy has it.
 */
export function argmax(x: ArrayLike<number>, start: number, size: number): number {
  let best = 0
  let most = -Infinity
  for (let i = 0; i < size; i++) {
    const value = x[start + i]
    if (value <= most) continue
    if (Number.isNaN(value)) return i
    best = i
    most = value
  }
  return best
}

/**
 * The class of each row: `argmax` along the last axis.
 *
 * @param outputs [N, classes], such as `predict` gives
 * @throws ShapeError where there are not two axes, or no classes
 * @example
 * argmaxRows(tensor(Float32Array.of(0.1, 0.9, 0.8, 0.2), [2, 2])) // Int32Array [1, 0]
 */
export function argmaxRows(outputs: Tensor<NumericArray>): Int32Array {
  const [rows, size] = outputs.shape
  if (outputs.dimension !== 2 || size === 0) {
    throw new ShapeError('argmaxRows', `outputs are ${formatShape(outputs.shape)}, expected (rows, classes)`)
  }
  const data = flat(outputs)
  return Int32Array.from({ length: rows! }, (_, row) => argmax(data, row * size!, size!))
}
