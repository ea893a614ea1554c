import { Activation } from '../layers/activation.ts'
import { sizeOf } from '../tensor/shape.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { inference } from './evaluator.ts'
import { LayerNames } from './layer-names.ts'
import type { ChainLink } from './plan/chain.ts'
import type { Network } from './plan/network.ts'
import { gather, type RowData } from './rows.ts'

/** What one layer makes of rows of input: see {@link Sequential.layerOutputs}. */
export interface LayerOutput {
  /** The layer's name in `summary()`; where a layer has an activation, `conv2d` is before and `conv2d/relu` behind it. */
  readonly name: string
  /** Keras' class name: `Conv2D`, `MaxPooling2D`, or `Activation`. */
  readonly type: string
  /** Of shape [rows, ...the layer's output shape]. */
  readonly output: Tensor
}

/** The outputs of all layers for all rows, computed in batches of up to `maxRows`, without fusing. */
export function layerOutputs(network: Network<Float32Array>, x: RowData, maxRows: number): LayerOutput[] {
  const { links } = network
  const sizes = links.map(({ outputShape }) => sizeOf(outputShape))
  const outputs = sizes.map(size => new Float32Array(x.count * size))
  const plan = network.unfusedPlan(maxRows)
  try {
    for (let from = 0; from < x.count; from += maxRows) {
      const rows = Math.min(maxRows, x.count - from)
      gather(x, null, from, rows, plan.input)
      for (const [k, { step, x, y }] of plan.steps.entries()) {
        step.forward(rows, x, y, inference)
        // Copied at once, since the next step may work in the same memory.
        outputs[k].set(y.subarray(0, rows * sizes[k]), from * sizes[k])
      }
    }
  } finally {
    plan.release()
  }
  const names = linkNames(links)
  return links.map(({ layer, outputShape }, k) => ({
    name: names[k],
    type: layer.type,
    output: tensor(outputs[k], [x.count, ...outputShape]),
  }))
}

/** A layer's first part has the layer's name, its others are named by their activation or type behind it. */
export function linkNames(links: readonly ChainLink[]): string[] {
  const partsOf = new Map<string, LayerNames>()
  return links.map(({ owner, layer }) => {
    const parts = partsOf.get(owner)
    if (!parts) {
      partsOf.set(owner, new LayerNames())
      return owner
    }
    const part = parts.nameFor({ type: layer instanceof Activation ? layer.config.activation : layer.type })
    parts.take(part)
    return `${owner}/${part}`
  })
}
