import type { PbfWriter } from 'pbf'
import type { Shape } from '../../tensor/shape.ts'

/** A tensor as a summary holds it: one number, a matrix of numbers, or a list of byte strings. */
export type SummaryTensor =
  | { readonly kind: 'float32'; readonly value: number }
  | { readonly kind: 'float64'; readonly shape: Shape; readonly values: Float64Array }
  | { readonly kind: 'bytes'; readonly values: readonly Uint8Array[] }

/** `enum DataType` of TensorFlow. */
const dataTypes = { float32: 1, float64: 2, bytes: 7 }

/** Writes TensorFlow's message `TensorProto`. Its fields: 1 dtype, 2 shape, 4 raw content, 5 floats, 8 byte strings. */
export function writeTensorProto(tensor: SummaryTensor, pbf: PbfWriter): void {
  pbf.writeVarintField(1, dataTypes[tensor.kind])
  pbf.writeMessage(2, writeShape, shapeOf(tensor))
  if (tensor.kind === 'float32') pbf.writePackedFloat(5, [tensor.value])
  if (tensor.kind === 'float64') pbf.writeBytesField(4, littleEndian(tensor.values))
  if (tensor.kind === 'bytes') for (const bytes of tensor.values) pbf.writeBytesField(8, bytes)
}

function shapeOf(tensor: SummaryTensor): Shape {
  if (tensor.kind === 'float32') return []
  return tensor.kind === 'float64' ? tensor.shape : [tensor.values.length]
}

/** `TensorShapeProto`: field 2 is a dimension, whose field 1 is its length. */
function writeShape(shape: Shape, pbf: PbfWriter): void {
  for (const length of shape) {
    pbf.writeMessage(2, (size, dimension) => dimension.writeVarintField(1, size), length)
  }
}

function littleEndian(values: Float64Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8 * values.length))
  for (const [i, value] of values.entries()) bytes.setFloat64(8 * i, value, true)
  return new Uint8Array(bytes.buffer)
}
