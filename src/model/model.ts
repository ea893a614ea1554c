import { StateError } from '../errors.ts'
import { argmax } from '../metrics/argmax.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import { type Rows, type Tensor, tensor } from '../tensor/tensor.ts'
import { terminal } from '../text/terminal.ts'
import { type LayerOutput, layerOutputs } from './layer-outputs.ts'
import { type BatchOptions, checkBatchSize, checkShape } from './options.ts'
import type { NamedLayer } from './plan/chain.ts'
import { inputRows, shapeOf } from './rows.ts'
import type { Runner } from './runner.ts'
import { describePlan, summary } from './summary.ts'
import { copyWeights, replaceWeights } from './weights.ts'

/** What can be asked of a model, trained or not: its shapes, its weights, and what it makes of data. */
export abstract class Model {
  abstract readonly name: string

  /** The layers with the names that they have in this model. */
  abstract get layers(): readonly NamedLayer[]

  /** The shape of one row of input; null until it is given or seen in data. */
  abstract get inputShape(): Shape | null

  #runner: Runner | null = null

  /** What the model computes with; null until it is built. Behind accessors, so that a printed model stays short. */
  protected get runner(): Runner | null {
    return this.#runner
  }

  protected set runner(runner: Runner | null) {
    this.#runner = runner
  }

  /**
   * The shape of one row of output.
   * @throws StateError while the input shape is unknown
   */
  get outputShape(): Shape {
    return this.built('outputShape').network.outputShape
  }

  /**
   * The number of weights.
   * @throws StateError while the input shape is unknown
   */
  countParams(): number {
    return this.built('countParams').network.parameterCount
  }

  /**
   * Prints the model's layers, shapes and weights as Keras does; a model that is not built yet has `0 (unbuilt)` weights.
   *
   * @param print called once with the whole text; default: the terminal
   * @throws ShapeError where the input shape is known and a layer does not fit
   * @example
   * model.summary()
   * model.summary(text => writeFileSync('model.txt', text))
   */
  summary(print = toTerminal): void {
    const runner = this.inputShape && this.layers.length > 0 ? this.built('summary') : null
    print(summary(this.name, this.layers, runner?.network ?? null, runner?.optimizerSlots))
  }

  /**
   * Prints the steps that the model is compiled to, with the memory and the work of each.
   *
   * @param options the batch size that the plan is for, default 32
   * @param print called once with the whole text; default: the terminal
   * @throws OptionError for a bad batch size, StateError while the input shape is unknown
   * @example
   * model.describePlan({ batchSize: 512 })
   */
  describePlan(options: BatchOptions = {}, print = toTerminal): void {
    print(describePlan(this.built('describePlan').network, checkBatchSize('describePlan', options)))
  }

  /**
   * The model's output for each row.
   *
   * @param x rows of the model's input shape, in any numeric type
   * @returns a tensor of shape [rows, ...outputShape]
   * @throws OptionError or ShapeError for bad input
   * @example
   * const shares = model.predict(images.lo(7).hi(1)) // [1, 10]
   */
  predict(x: Rows, options: BatchOptions = {}): Tensor {
    const batchSize = checkBatchSize('predict', options)
    const runner = this.runnerFor('predict', x)
    const { inputShape, outputShape } = runner.network
    const data = inputRows('predict', x, inputShape)
    this.runner = runner
    const output = runner.predictor(Math.min(batchSize, data.count)).predict(data)
    return tensor(output, [data.count, ...outputShape])
  }

  /**
   * The class of each row: where the output is largest, the first of equals; with a single output, 1 where it is above
   * 0.5, else 0.
   *
   * @returns a class index for each row
   * @throws OptionError or ShapeError for bad input
   * @example
   * const matrix = confusionMatrix(testLabels, model.predictClasses(testImages))
   */
  predictClasses(x: Rows, options: BatchOptions = {}): Int32Array {
    const output = this.predict(x, options)
    const size = sizeOf(this.outputShape)
    return Int32Array.from({ length: output.shape[0] }, (_, row) =>
      size === 1 ? Number(output.data[row] > 0.5) : argmax(output.data, row * size, size),
    )
  }

  /**
   * What each layer makes of rows, in the order of the layers and without Dropout: for looking into a model. All outputs
   * are kept, so a few rows of a large model may take much memory.
   *
   * @throws OptionError or ShapeError for bad input
   * @example
   * const maps = model.layerOutputs(images.hi(1)).find(({ name }) => name === 'conv2d/relu')?.output // [1, 26, 26, 32]
   */
  layerOutputs(x: Rows, options: BatchOptions = {}): LayerOutput[] {
    const batchSize = checkBatchSize('layerOutputs', options)
    const runner = this.runnerFor('layerOutputs', x)
    const data = inputRows('layerOutputs', x, runner.network.inputShape)
    this.runner = runner
    return layerOutputs(runner.network, data, Math.min(batchSize, data.count))
  }

  /**
   * Copies of all weights, layer by layer, each layer's in its own order: kernel, bias.
   * @throws StateError while the input shape is unknown
   */
  getWeights(): Tensor[] {
    return copyWeights(this.built('getWeights').network)
  }

  /**
   * The names of all weights, in the order of `getWeights`: `conv2d/kernel`, `conv2d/bias`, `dense/kernel`, …
   * @throws StateError while the input shape is unknown
   */
  get weightPaths(): string[] {
    return this.built('weightPaths').network.placed.map(({ path }) => path)
  }

  /**
   * Replaces all weights, in the order of `getWeights`. The optimiser keeps its state. While `fit` runs, the next step goes
   * on from the new weights.
   *
   * @param weights tensors of the weights' shapes, or flat arrays in row-major order
   * @throws OptionError or ShapeError naming the weight that does not fit, before any is changed
   * @throws StateError while the input shape is unknown
   * @example
   * other.setWeights(model.getWeights())
   */
  setWeights(weights: readonly Rows[]): void {
    replaceWeights('setWeights', this.built('setWeights').network, weights)
  }

  /** A runner for rows of a shape; the model is not changed yet. */
  protected abstract makeRunner(call: string, inputShape: Shape): Runner

  /** The runner for data like x, made now if need be; the model is not changed yet. */
  protected runnerFor(call: string, x: Rows): Runner {
    if (this.runner) return this.runner
    const shape = shapeOf(call, 'x', x)
    if (this.inputShape) return this.makeRunner(call, this.inputShape)
    if (shape.length > 1) return this.makeRunner(call, checkShape(call, shape.slice(1)))
    throw new StateError(
      `${call}: the model does not know its input shape, and x does not tell it: call build(inputShape) first`,
    )
  }

  /** The runner, made now if the input shape is known. */
  protected built(call: string): Runner {
    if (!this.runner && !this.inputShape) {
      throw new StateError(`${call}: the model does not know its input shape; call build(inputShape) first`)
    }
    this.runner ??= this.makeRunner(call, this.inputShape!)
    return this.runner
  }
}

const toTerminal = (text: string): void => terminal().write(text)
