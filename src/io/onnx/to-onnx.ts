import type { Sequential } from '../../model/sequential.ts'
import { checkOptions } from '../../options.ts'
import { checkExported } from '../check-exported.ts'
import { exportedChain } from '../exported-chain.ts'
import { exportedWeights, type NonFiniteOption } from '../exported-weights.ts'
import { addLayer } from './add-layer.ts'
import { GraphBuilder } from './graph-builder.ts'
import { modelProto } from './model-proto.ts'

/** Messages of protocol buffers are shorter than 2 GiB; a megabyte is left for the nodes and names. */
const MAX_WEIGHT_BYTES = 2 ** 31 - 2 ** 20

/**
 * Writes a model as an ONNX file, which other tools run: onnxruntime, browsers, phones, other languages. It computes what
 * `predict` does, up to the last bits, since each tool adds in an order of its own.
 *
 * - Its input is called `input`: float32 of [batch, ...inputShape], images with their channels last as here. Its output is
 *   called `output`: [batch, ...outputShape].
 * - Nodes have the names that `layerOutputs` gives, constants those of `weightPaths`: dense kernels as they are, those of
 *   convolutions as ONNX wants them, [filters, channels, height, width].
 * - Operators are those of opset 17.
 *
 * Source: https://onnx.ai/onnx/repo-docs/IR.html
 *
 * @returns the file's bytes
 * @throws StateError while the input shape is unknown, or there are no layers
 * @throws UnsupportedLayerError for layers of your own
 * @throws NonFiniteWeightError for weights that are NaN or infinite, unless allowed
 * @throws FormatLimitError for more than 2 GiB of weights
 * @example
 * await writeFile('model.onnx', toOnnx(model))
 */
export function toOnnx(model: Sequential, options: NonFiniteOption = {}): Uint8Array<ArrayBuffer> {
  checkOptions('toOnnx', options, ['allowNonFinite'])
  checkExported('toOnnx', model, MAX_WEIGHT_BYTES)
  const { links, inputShape, outputShape } = exportedChain('toOnnx', model)
  const weights = exportedWeights('toOnnx', model, options)
  const graph = new GraphBuilder()
  for (const link of links) addLayer(graph, link, weights)
  const ports = graph.finish(links.at(-1)!.name, inputShape, outputShape)
  return modelProto({ name: model.name, nodes: graph.nodes, constants: graph.constants, ...ports })
}
