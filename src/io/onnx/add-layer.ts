import { UnsupportedLayerError } from '../../errors.ts'
import type { WindowGeometry } from '../../kernels/kernels.ts'
import { Activation } from '../../layers/activation.ts'
import { Conv2D } from '../../layers/conv2d.ts'
import { Dense } from '../../layers/dense.ts'
import { Dropout } from '../../layers/dropout.ts'
import { Flatten } from '../../layers/flatten.ts'
import { MaxPool2D } from '../../layers/max-pool2d.ts'
import { Rescaling } from '../../layers/rescaling.ts'
import { windowGeometry } from '../../layers/window.ts'
import { flat, type Tensor, tensor } from '../../tensor/tensor.ts'
import type { ExportedLink } from '../exported-chain.ts'
import type { GraphBuilder } from './graph-builder.ts'
import type { OnnxConstant, OnnxNode } from './model-proto.ts'

/**
 * Adds the nodes of a layer that does what its ONNX operators do. Those that do nothing when predicting add none: Dropout, the
 * activation `linear`, and Flatten on vectors.
 *
 * Source: https://onnx.ai/onnx/operators/
 *
 * @param weights by path
 * @throws UnsupportedLayerError for a layer whose operators are not known here
 */
export function addLayer(
  graph: GraphBuilder,
  link: ExportedLink,
  weights: ReadonlyMap<string, Tensor>,
): void {
  const { name, owner, layer, inputShape } = link
  const weight = (parameter: string): OnnxConstant[] => {
    const path = `${owner}/${parameter}`
    const found = weights.get(path)
    return found ? [constant(path, found)] : []
  }

  if (layer instanceof Conv2D) {
    const g = layer.geometry(inputShape)
    const kernel = weights.get(`${owner}/kernel`)!
    graph.toChannelsFirst(name)
    const oihw = constant(`${owner}/kernel`, kernel.transpose(3, 2, 0, 1))
    graph.add(name, 'Conv', [oihw, ...weight('bias')], windowOf(g))
  } else if (layer instanceof MaxPool2D) {
    const { poolSize: kernel, strides, padding } = layer.config
    graph.toChannelsFirst(name)
    graph.add(name, 'MaxPool', [], windowOf(windowGeometry(owner, inputShape, { kernel, strides, padding })))
  } else if (layer instanceof Dense) {
    graph.add(name, 'Gemm', [...weight('kernel'), ...weight('bias')])
  } else if (layer instanceof Flatten) {
    graph.toChannelsLast(name)
    if (inputShape.length !== 1) graph.add(name, 'Flatten', [], { axis: 1 })
  } else if (layer instanceof Rescaling) {
    const { scale, offset } = layer.config
    graph.add(name, 'Mul', [constant(`${name}/scale`, scalar(scale))])
    if (offset !== 0) graph.add(`${name}/offset`, 'Add', [constant(`${name}/offset`, scalar(offset))])
  } else if (layer instanceof Activation) {
    const { activation } = layer.config
    if (activation === 'relu') graph.add(name, 'Relu')
    if (activation === 'sigmoid') graph.add(name, 'Sigmoid')
    if (activation === 'softmax') graph.add(name, 'Softmax', [], { axis: graph.channelsFirst ? 1 : -1 })
  } else if (!(layer instanceof Dropout)) {
    throw new UnsupportedLayerError('toOnnx', owner, `it is a ${layer.type}, which has no operators yet`)
  }
}

const constant = (name: string, x: Tensor): OnnxConstant => ({ name, shape: x.shape, values: flat(x) })

const scalar = (value: number): Tensor => tensor(Float32Array.of(value), [])

/** The attributes of an operator with a window. */
function windowOf(g: WindowGeometry): OnnxNode['attributes'] {
  const padBottom = overhang(g.height, g.kernelHeight, g.strideHeight, g.outHeight) - g.padTop
  const padRight = overhang(g.width, g.kernelWidth, g.strideWidth, g.outWidth) - g.padLeft
  return {
    kernel_shape: [g.kernelHeight, g.kernelWidth],
    strides: [g.strideHeight, g.strideWidth],
    // Numbers rather than auto_pad, which some tools do not know.
    pads: [g.padTop, g.padLeft, padBottom, padRight],
  }
}

/** By how many pixels the windows reach beyond an image, on both sides together. */
function overhang(length: number, kernel: number, stride: number, windows: number): number {
  return Math.max(0, (windows - 1) * stride + kernel - length)
}
