import ndarray, { type NdArray } from 'ndarray'
import ops from 'ndarray-ops'
import { OptionError, ShapeError } from '../errors.ts'
import { formatShape, type Shape, sizeOf } from './shape.ts'

/** The two precisions: float32 for training, float64 for gradient checks. */
export type Real = Float32Array | Float64Array

/** What images and labels may be kept in. */
export type NumericArray =
  | Real
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array

/**
 * A typed array with a shape: an `ndarray`. Views, slices and transposes are ndarray's own (`pick`, `lo`, `hi`, `step`,
 * `transpose`) and copy nothing; whatever else works on ndarrays works on tensors.
 */
export type Tensor<A extends NumericArray = Float32Array> = NdArray<A>

/** Inputs or targets: an ndarray whose first axis counts rows, or the plain typed array of its elements. */
export type Rows = Tensor<NumericArray> | NumericArray

/**
 * Gives a typed array a shape, without copying it.
 *
 * @param data the elements in row-major order, the last axis fastest
 * @throws ShapeError where the shape has another number of elements than the data
 * @example
 * const images = tensor(new Uint8Array(2 * 28 * 28), [2, 28, 28, 1])
 * images.get(1, 0, 0, 0)
 */
export function tensor<A extends NumericArray>(data: A, shape: Shape): Tensor<A> {
  if (!isNumericArray(data)) {
    throw new OptionError('tensor', 'data', data, 'a typed array, such as Float32Array.from(numbers)')
  }
  if (!Array.isArray(shape))
    throw new OptionError('tensor', 'shape', shape, 'a list of lengths, such as [28, 28, 1]')
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new OptionError('tensor', 'shape', shape, 'whole numbers of at least 0')
    }
  }
  if (sizeOf(shape) !== data.length) {
    throw new ShapeError(
      'tensor',
      `the shape ${formatShape(shape)} has ${sizeOf(shape)} elements, the data ${data.length}`,
    )
  }
  return ndarray(data, [...shape])
}

/**
 * Whether a value is an ndarray over one of the typed arrays that this library takes.
 *
 * @example isTensor(ndarray(new Float32Array(4), [2, 2])) // true
 */
export function isTensor(value: unknown): value is Tensor<NumericArray> {
  const candidate = value as Tensor<NumericArray> | null
  return (
    typeof candidate === 'object' &&
    candidate !== null &&
    Array.isArray(candidate.shape) &&
    Array.isArray(candidate.stride) &&
    isNumericArray(candidate.data)
  )
}

/** Whether a value is a typed array of plain numbers. */
export function isNumericArray(value: unknown): value is NumericArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !isBigInts(value)
}

function isBigInts(view: ArrayBufferView): boolean {
  return view instanceof BigInt64Array || view instanceof BigUint64Array
}

/**
 * The elements of a tensor in row-major order: its own memory where it lies so already, else a copy.
 *
 * @throws ShapeError where its shape reaches beyond its data
 * @example flat(images.pick(0).transpose(1, 0, 2)) // the first image, column by column
 */
export function flat<A extends NumericArray>(x: Tensor<A>): A {
  const size = sizeOf(x.shape)
  checkReach(x)
  if (isRowMajor(x)) return x.data.subarray(x.offset, x.offset + size) as A
  const copy = new (x.data.constructor as new (length: number) => A)(size)
  ops.assign(ndarray(copy, x.shape), x)
  return copy
}

function isRowMajor(x: Tensor<NumericArray>): boolean {
  let stride = 1
  for (let axis = x.dimension - 1; axis >= 0; axis--) {
    if (x.shape[axis] !== 1 && x.stride[axis] !== stride) return false
    stride *= x.shape[axis]
  }
  return true
}

/** Refuses an ndarray whose shape and strides reach beyond its data: it was made by hand, and wrongly. */
function checkReach({ data, shape, stride, offset }: Tensor<NumericArray>): void {
  if (sizeOf(shape) === 0) return
  let first = offset
  let last = offset
  for (const [axis, length] of shape.entries()) {
    const reach = (length - 1) * stride[axis]
    if (reach < 0) first += reach
    else last += reach
  }
  if (first < 0 || last >= data.length) {
    throw new ShapeError(
      'flat',
      `an ndarray of shape ${formatShape(shape)} reaches beyond its ${data.length} elements`,
    )
  }
}
