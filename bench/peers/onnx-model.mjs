/*
 * Writes an experiment's model, with drawn weights, as an ONNX file's bytes. ONNX is a protobuf message; the numbers
 * below are its fields' (github.com/onnx/onnx, onnx/onnx.proto).
 */
import { Buffer } from 'node:buffer'
import { random } from './measure.mjs'

const FLOAT = 1
const ATTRIBUTE_INTS = 7

function varint(value) {
  const bytes = []
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128)
  return Buffer.from([...bytes, value])
}

/** A message of [field, value] pairs: integers as varints, the rest by length. */
function message(...fields) {
  return Buffer.concat(
    fields.flatMap(([field, value]) => {
      if (typeof value === 'number') return [varint(field << 3), varint(value)]
      const bytes = typeof value === 'string' ? Buffer.from(value) : value
      return [varint((field << 3) | 2), varint(bytes.length), bytes]
    }),
  )
}

const ints = (name, values) => message([1, name], ...values.map(value => [8, value]), [20, ATTRIBUTE_INTS])

const node = (type, inputs, output, ...attributes) =>
  message(
    ...inputs.map(input => [1, input]),
    [2, output],
    [4, type],
    ...attributes.map(attribute => [5, attribute]),
  )

/** Glorot-uniform kernels; biases, which have one dimension, drawn as small. */
function weights(name, dims, fanIn, fanOut) {
  const limit = Math.sqrt(6 / (fanIn + fanOut))
  const values = new Float32Array(dims.reduce((a, b) => a * b)).map(() => limit * (2 * random() - 1))
  const bytes = Buffer.from(values.buffer)
  return {
    size: values.length,
    bytes: message(...dims.map(dim => [1, dim]), [2, FLOAT], [8, name], [9, bytes]),
  }
}

/** An input or output of float32, its first dimension the images of a call. */
function port(name, ...dims) {
  const shape = message([1, message([2, 'rows'])], ...dims.map(dim => [1, message([1, dim])]))
  return message([1, name], [2, message([1, message([1, FLOAT], [2, shape])])])
}

/** The file's bytes, and how many parameters are in it. */
export function onnxModel({ filters, units }) {
  const flat = filters * 13 * 13
  const initializers = [
    weights('convW', [filters, 1, 3, 3], 9, 9 * filters),
    weights('convB', [filters], 9, 9 * filters),
    weights('denseW', [flat, units], flat, units),
    weights('denseB', [units], flat, units),
    weights('outputW', [units, 10], units, 10),
    weights('outputB', [10], units, 10),
  ]
  const nodes = [
    node('Conv', ['images', 'convW', 'convB'], 'convolved'),
    node('Relu', ['convolved'], 'rectified'),
    node('MaxPool', ['rectified'], 'pooled', ints('kernel_shape', [2, 2]), ints('strides', [2, 2])),
    node('Flatten', ['pooled'], 'flat'),
    node('Gemm', ['flat', 'denseW', 'denseB'], 'dense'),
    node('Relu', ['dense'], 'hidden'),
    node('Gemm', ['hidden', 'outputW', 'outputB'], 'logits'),
    node('Sigmoid', ['logits'], 'p'),
  ]
  const graph = message(
    ...nodes.map(bytes => [1, bytes]),
    [2, 'experiment'],
    ...initializers.map(({ bytes }) => [5, bytes]),
    [11, port('images', 1, 28, 28)],
    [12, port('p', 10)],
  )
  const irVersion = 8
  const opset = message([1, ''], [2, 17])
  return {
    bytes: message([1, irVersion], [7, graph], [8, opset]),
    parameters: initializers.reduce((sum, { size }) => sum + size, 0),
  }
}
