import type { Shape } from '../../tensor/shape.ts'
import type { OnnxConstant, OnnxNode, OnnxPort } from './model-proto.ts'

const INPUT = 'input'
const OUTPUT = 'output'

/** What a node's output is called: no layer's name can have this at its end, and so be the same. */
const outputOf = (node: string) => `${node}:0`

/**
 * Nodes that follow one another, each working on what the one before gives. ONNX has the channels of images first, this
 * library has them last; images are transposed where a node needs them in the other order, and no sooner.
 */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = []
  readonly constants: OnnxConstant[] = []
  #value = INPUT
  #channelsFirst = false

  /** Whether the value at hand is images of [channels, height, width]. */
  get channelsFirst(): boolean {
    return this.#channelsFirst
  }

  /** Adds a node that works on the value at hand and on these constants, and gives the next value. */
  add(
    name: string,
    operator: string,
    constants: readonly OnnxConstant[] = [],
    attributes: OnnxNode['attributes'] = {},
  ): void {
    this.constants.push(...constants)
    const inputs = [this.#value, ...constants.map(constant => constant.name)]
    this.#value = outputOf(name)
    this.nodes.push({ name, operator, inputs, output: this.#value, attributes })
  }

  /** Makes the value at hand fit for nodes that work on images; `name` is the layer's. */
  toChannelsFirst(name: string): void {
    if (this.#channelsFirst) return
    this.add(`${name}/to_nchw`, 'Transpose', [], { perm: [0, 3, 1, 2] })
    this.#channelsFirst = true
  }

  /** Brings the value at hand to the order that this library has; `name` is the layer's. */
  toChannelsLast(name: string): void {
    if (!this.#channelsFirst) return
    this.add(`${name}/to_nhwc`, 'Transpose', [], { perm: [0, 2, 3, 1] })
    this.#channelsFirst = false
  }

  /**
   * Ends the graph: the value at hand is its output.
   * @param name the last layer's
   */
  finish(name: string, inputShape: Shape, outputShape: Shape): { input: OnnxPort; output: OnnxPort } {
    this.toChannelsLast(name)
    if (this.nodes.length === 0) this.add(name, 'Identity')
    this.nodes.push({ ...this.nodes.pop()!, output: OUTPUT })
    return {
      input: { name: INPUT, rowShape: inputShape },
      output: { name: OUTPUT, rowShape: outputShape },
    }
  }
}
