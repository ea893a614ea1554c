import { PbfWriter } from 'pbf'
import type { Shape } from '../../tensor/shape.ts'
import { littleEndian } from '../little-endian.ts'
import { LIBRARY_VERSION } from '../model-file/format.ts'

/** One operation. */
export interface OnnxNode {
  readonly name: string
  /** The operator's name in the ONNX standard: `Conv`. */
  readonly operator: string
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes: { readonly [name: string]: number | readonly number[] }
}

/** A constant of float32, in row-major order. */
export interface OnnxConstant {
  readonly name: string
  readonly shape: Shape
  readonly values: Float32Array
}

/** An input or output of float32: rows of this shape, any number of them. */
export interface OnnxPort {
  readonly name: string
  readonly rowShape: Shape
}

/** What an ONNX file holds. */
export interface OnnxGraph {
  /** Not empty. */
  readonly name: string
  /** In an order in which they can be run. */
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly OnnxConstant[]
  readonly input: OnnxPort
  readonly output: OnnxPort
}

/** Of 2022: every runtime of today reads it, and no later one changed the operators that a model of ours needs. */
const OPSET = 17
const IR_VERSION = 8

/** `TensorProto.DataType` and `AttributeProto.AttributeType`. */
const FLOAT = 1
const INT = 2
const INTS = 7

/** The name of the axis that counts rows. */
const BATCH = 'batch'

/**
 * Writes a graph as the bytes of an ONNX file, the message `ModelProto`: 1 version of the format, 2 who wrote it, 3 in what
 * version, 7 graph, 8 operator set.
 *
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function modelProto(graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  const pbf = new PbfWriter()
  pbf.writeVarintField(1, IR_VERSION)
  pbf.writeStringField(2, 'convnet-ts')
  pbf.writeStringField(3, LIBRARY_VERSION)
  pbf.writeMessage(7, writeGraph, graph)
  pbf.writeMessage(8, writeOpset, OPSET)
  // A copy, since the writer's own buffer goes on behind the file, and some hand `.buffer` to a runtime.
  return pbf.finish().slice()
}

/** `OperatorSetIdProto`: 1 domain, where the empty one is ONNX itself, 2 version. */
function writeOpset(version: number, pbf: PbfWriter): void {
  pbf.writeStringField(1, '')
  pbf.writeVarintField(2, version)
}

/** `GraphProto`: 1 nodes, 2 name, 5 initializers, 11 inputs, 12 outputs. */
function writeGraph({ name, nodes, constants, input, output }: OnnxGraph, pbf: PbfWriter): void {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node)
  pbf.writeStringField(2, name)
  for (const constant of constants) pbf.writeMessage(5, writeConstant, constant)
  pbf.writeMessage(11, writePort, input)
  pbf.writeMessage(12, writePort, output)
}

/** `NodeProto`: 1 inputs, 2 outputs, 3 name, 4 operator, 5 attributes. */
function writeNode({ name, operator, inputs, output, attributes }: OnnxNode, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input)
  pbf.writeStringField(2, output)
  pbf.writeStringField(3, name)
  pbf.writeStringField(4, operator)
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute)
}

/** `AttributeProto`: 1 name, 3 an integer, 8 integers, 20 which of them. */
function writeAttribute([name, value]: [string, number | readonly number[]], pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  if (typeof value === 'number') pbf.writeVarintField(3, value)
  else for (const item of value) pbf.writeVarintField(8, item)
  pbf.writeVarintField(20, typeof value === 'number' ? INT : INTS)
}

/** `TensorProto`: 1 lengths of its axes, 2 type, 8 name, 9 the numbers in little-endian order. */
function writeConstant({ name, shape, values }: OnnxConstant, pbf: PbfWriter): void {
  for (const length of shape) pbf.writeVarintField(1, length)
  pbf.writeVarintField(2, FLOAT)
  pbf.writeStringField(8, name)
  pbf.writeBytesField(9, littleEndian(values))
}

/** `ValueInfoProto`: 1 name, 2 `TypeProto`, whose field 1 is a tensor's: 1 type of its elements, 2 shape. */
function writePort({ name, rowShape }: OnnxPort, pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  pbf.writeMessage(2, (shape, type) => type.writeMessage(1, writeTensorType, shape), rowShape)
}

function writeTensorType(rowShape: Shape, pbf: PbfWriter): void {
  pbf.writeVarintField(1, FLOAT)
  pbf.writeMessage(2, writeShape, rowShape)
}

/** `TensorShapeProto`: field 1 is an axis, with a length as its field 1, or a name as its field 2. */
function writeShape(rowShape: Shape, pbf: PbfWriter): void {
  pbf.writeMessage(1, (name, axis) => axis.writeStringField(2, name), BATCH)
  for (const length of rowShape) {
    pbf.writeMessage(1, (size, axis) => axis.writeVarintField(1, size), length)
  }
}
