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
import type { Shape } from '../../tensor/shape.ts'
import type { ExportedLink } from '../exported-chain.ts'
import type { FunctionName } from './functions.ts'
import { quoted } from './text.ts'

/** How a layer is computed: `function(x, ...arguments)`. */
export interface LayerCall {
  /** The layer's. */
  readonly name: string
  readonly outputShape: Shape
  readonly function: FunctionName
  /** Expressions in JavaScript. */
  readonly arguments: readonly string[]
}

/**
 * The call that does what a layer does when predicting; null for those that do nothing then.
 * @throws UnsupportedLayerError for a layer whose code is not known here
 */
export function layerCall({ name, owner, layer, inputShape, outputShape }: ExportedLink): LayerCall | null {
  const weight = (parameter: string) => `weights[${quoted(`${owner}/${parameter}`)}]`
  const bias = (useBias: boolean) => (useBias ? weight('bias') : 'null')
  const call = (of: FunctionName, ...given: string[]) => ({
    name,
    outputShape,
    function: of,
    arguments: given,
  })

  if (layer instanceof Conv2D) {
    const { filters, useBias } = layer.config
    const geometry = windowArguments(layer.geometry(inputShape), filters)
    return call('conv2d', weight('kernel'), bias(useBias), geometry)
  }
  if (layer instanceof MaxPool2D) {
    const { poolSize: kernel, strides, padding } = layer.config
    const g = windowGeometry(owner, inputShape, { kernel, strides, padding })
    return call('maxPool2d', windowArguments(g, g.channels))
  }
  if (layer instanceof Dense) {
    const { units, useBias } = layer.config
    return call('dense', weight('kernel'), bias(useBias), String(units))
  }
  if (layer instanceof Rescaling) {
    const { scale, offset } = layer.config
    return call('rescale', float32(scale), float32(offset))
  }
  if (layer instanceof Activation) {
    const { activation } = layer.config
    if (activation === 'linear') return null
    return activation === 'softmax' ? call(activation, String(inputShape.at(-1) ?? 1)) : call(activation)
  }
  if (layer instanceof Dropout || layer instanceof Flatten) return null
  throw new UnsupportedLayerError('toStandaloneModule', owner, `it is a ${layer.type}, which has no code yet`)
}

/** A number as it stands in code. */
function float32(value: number): string {
  const rounded = Math.fround(value)
  return Object.is(rounded, -0) ? '-0' : String(rounded)
}

/** The geometry of a window and its output, as the functions take it. */
function windowArguments(g: WindowGeometry, outChannels: number): string {
  const pairs = {
    input: [g.height, g.width, g.channels],
    window: [g.kernelHeight, g.kernelWidth],
    strides: [g.strideHeight, g.strideWidth],
    padding: [g.padTop, g.padLeft],
    output: [g.outHeight, g.outWidth, outChannels],
  }
  const entries = Object.entries(pairs).map(([name, numbers]) => `${name}: [${numbers.join(', ')}]`)
  return `{ ${entries.join(', ')} }`
}
