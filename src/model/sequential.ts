import { OptionError, StateError } from '../errors.ts'
import { referenceFloat32 } from '../kernels/reference/reference.ts'
import type { Layer } from '../layers/layer.ts'
import { argmax } from '../metrics/argmax.ts'
import { checkOptions, wholeNumber } from '../options.ts'
import { formatShape, type Shape, sameShape, sizeOf } from '../tensor/shape.ts'
import { isTensor, type Rows, type Tensor, tensor } from '../tensor/tensor.ts'
import { terminal } from '../text/terminal.ts'
import { chain, type NamedLayer } from './chain.ts'
import { Evaluator } from './evaluator.ts'
import { fit } from './fit.ts'
import type { History, Logs } from './history.ts'
import { uniqueName } from './names.ts'
import { Network } from './network.ts'
import { Objective } from './objective.ts'
import {
  type BatchOptions,
  type Compiled,
  type CompileOptions,
  checkBatchSize,
  checkCompileOptions,
  checkFitOptions,
  checkShape,
  type FitOptions,
  type SequentialOptions,
} from './options.ts'
import { Predictor } from './predictor.ts'
import { inputRows, type Labelled, splitAt, targetRows } from './rows.ts'
import { describePlan, summary } from './summary.ts'
import { Trainer } from './trainer.ts'
import { copyWeights, replaceWeights } from './weights.ts'

/**
 * A model whose layers follow one another.
 *
 * Training, evaluation and prediction follow Keras: https://keras.io/api/models/model_training_apis/. Everything random
 * comes from seeds, so the same program gives the same weights on every machine.
 *
 * @example
 * const model = new Sequential([
 *   new Rescaling({ scale: 1 / 255 }),
 *   new Conv2D({ filters: 32, kernelSize: 3, activation: 'relu' }),
 *   new MaxPool2D(),
 *   new Flatten(),
 *   new Dense({ units: 10, activation: 'softmax' }),
 * ], { inputShape: [28, 28, 1] })
 * model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
 * await model.fit(images, labels, { epochs: 5, batchSize: 512 })
 */
export class Sequential {
  readonly name: string
  /** Seeds the first weights, and `fit` where it is given no seed of its own. */
  readonly seed: number
  /** Set to true by a callback, it ends `fit` after the epoch. */
  stopTraining = false
  readonly #layers: NamedLayer[] = []
  #inputShape: Shape | null = null
  #network: Network<Float32Array> | null = null
  #compiled: Compiled | null = null
  #trainer: Trainer<Float32Array> | null = null
  #evaluator: Evaluator<Float32Array> | null = null
  #predictor: Predictor<Float32Array> | null = null
  #fitting = false

  /**
   * @throws OptionError for a bad option, or two layers of one name
   * @throws ShapeError where the input shape is given and a layer does not fit
   */
  constructor(layers: readonly Layer[] = [], options: SequentialOptions = {}) {
    checkOptions('Sequential', options, ['inputShape', 'name', 'seed'])
    this.name = options.name ?? 'sequential'
    this.seed = wholeNumber('Sequential', 'seed', options.seed ?? 0, { min: 0 })
    if (options.inputShape) this.#inputShape = checkShape('Sequential', options.inputShape)
    for (const layer of layers) this.add(layer)
  }

  /** The layers with the names that they have in this model. */
  get layers(): readonly NamedLayer[] {
    return this.#layers
  }

  /** The shape of one row of input; null before the model is built. */
  get inputShape(): Shape | null {
    return this.#inputShape
  }

  /**
   * The shape of one row of output.
   * @throws StateError before the model is built
   */
  get outputShape(): Shape {
    return this.#built('outputShape').outputShape
  }

  /** The loss, optimiser and metrics given to `compile`; null before. */
  get compiled(): Readonly<Compiled> | null {
    return this.#compiled
  }

  /**
   * Adds a layer at the end. Weights that the model has are kept, the state of its optimiser is not.
   *
   * @throws OptionError for a name that is taken
   * @throws ShapeError where the model knows its input shape and the layer does not fit
   * @throws StateError while `fit` runs
   */
  add(layer: Layer): this {
    this.#assertIdle('add')
    if (typeof layer?.bind !== 'function' || typeof layer.outputShape !== 'function') {
      throw new OptionError('add', 'layer', layer, 'a Layer')
    }
    const added = {
      name: uniqueName(
        layer,
        this.#layers.map(({ name }) => name),
      ),
      layer,
    }
    if (this.#inputShape) chain([...this.#layers, added], this.#inputShape)
    this.#layers.push(added)
    const before = this.#network
    if (before) {
      this.#adopt(null)
      this.#built('add').copyFrom(before)
    }
    return this
  }

  /**
   * Fixes the shape of one row of input and draws the first weights. Done by itself where `inputShape` was given, and
   * otherwise when the model first sees data.
   *
   * @throws ShapeError where a layer does not fit, StateError where the model is built for another shape
   */
  build(inputShape: Shape): void {
    const shape = checkShape('build', inputShape)
    if (this.#inputShape && !sameShape(this.#inputShape, shape)) {
      const [built, asked] = [this.#inputShape, shape].map(formatShape)
      throw new StateError(`build: the model takes rows of ${built}, and cannot be built again for ${asked}`)
    }
    this.#adopt(this.#network ?? this.#networkFor(shape))
  }

  /** The number of weights. */
  countParams(): number {
    return this.#built('countParams').parameterCount
  }

  /**
   * Prints the model's layers, shapes and weights as Keras does; a model that is not built yet has `0 (unbuilt)` weights.
   *
   * @param print called once with the whole text; default: the terminal
   */
  summary(print = toTerminal): void {
    const network = this.#inputShape && this.#layers.length > 0 ? this.#built('summary') : null
    const slots = this.#trainer?.steps ? Object.keys(this.#trainer.optimizer.slots).length : undefined
    print(summary(this.name, this.#layers, network, slots))
  }

  /**
   * Prints the steps that the model is compiled to, with the memory and the work of each.
   *
   * @param options the batch size that the plan is for, default 32
   * @param print called once with the whole text; default: the terminal
   */
  describePlan(options: BatchOptions = {}, print = toTerminal): void {
    print(describePlan(this.#built('describePlan'), checkBatchSize('describePlan', options)))
  }

  /**
   * Chooses what training makes small, and how. The optimiser starts afresh.
   *
   * @throws OptionError for an unknown loss, optimiser or metric
   * @throws StateError while `fit` runs
   */
  compile(options: CompileOptions): void {
    this.#assertIdle('compile')
    this.#compiled = checkCompileOptions(options)
    this.#trainer = null
    this.#evaluator = null
  }

  /**
   * Trains the model. It keeps the event loop alive, and other calls may evaluate and predict meanwhile: they see the
   * weights of the step before.
   *
   * Loss and metrics of an epoch are means over its rows as they were trained on, Dropout and all; validation is a pass
   * of its own at the end of each epoch.
   *
   * @param x rows of the model's input shape, in any numeric type
   * @param y a target for each row: a class index, or values, as the loss has it
   * @returns the numbers of each epoch
   * @throws OptionError, ShapeError or DataError for bad input, before anything is changed
   * @throws NonFiniteError where the loss becomes NaN or infinite, before that step's update
   * @throws StateError before `compile`, or while another `fit` runs
   * @throws the signal's reason when it aborts
   * @example
   * const history = await model.fit(images, labels, { epochs: 5, batchSize: 512, validationSplit: 0.2 })
   * history.history.valAccuracy
   */
  async fit(x: Rows, y: Rows, options: FitOptions = {}): Promise<History> {
    this.#assertIdle('fit')
    const checked = checkFitOptions(options, this.seed)
    const { network, objective } = this.#ready('fit', x)
    let data = this.#labelled('fit', network, x, y)
    let validationData: Labelled | null = null
    if (options.validationData) {
      validationData = this.#labelled('fit: validationData', network, ...options.validationData)
    } else if (checked.validationSplit > 0) {
      const kept = Math.floor(data.x.count * (1 - checked.validationSplit))
      if (kept === 0) {
        throw new OptionError(
          'fit',
          'validationSplit',
          checked.validationSplit,
          'a share that leaves a row to train on',
        )
      }
      ;[data, validationData] = splitAt(data, kept)
    }
    checked.signal?.throwIfAborted()
    this.#adopt(network)
    this.#fitting = true
    this.stopTraining = false
    try {
      const batchSize = Math.min(checked.batchSize, data.x.count)
      return await fit({
        ...checked,
        model: this,
        data,
        batchSize,
        trainer: this.#trainerFor(batchSize),
        validation: validationData && {
          data: validationData,
          evaluator: new Evaluator(network, objective(), Math.min(batchSize, validationData.x.count)),
        },
      })
    } finally {
      this.#fitting = false
    }
  }

  /**
   * Takes one step on one batch.
   *
   * @returns loss and metrics of the batch before the step
   * @throws as `fit`
   */
  trainOnBatch(x: Rows, y: Rows): Logs {
    this.#assertIdle('trainOnBatch')
    const { network } = this.#ready('trainOnBatch', x)
    const data = this.#labelled('trainOnBatch', network, x, y)
    this.#adopt(network)
    const batch = { order: null, from: 0, rows: data.x.count }
    const trainer = this.#trainerFor(batch.rows)
    trainer.objective.reset()
    if (!trainer.step(data, batch, this.seed)) throw trainer.diagnose(data, batch, 1, trainer.steps + 1)
    return trainer.objective.report({})
  }

  /**
   * The mean loss and metrics over labelled rows.
   *
   * @throws OptionError, ShapeError or DataError for bad input, StateError before `compile`
   * @example
   * const { loss, accuracy } = model.evaluate(testImages, testLabels)
   */
  evaluate(x: Rows, y: Rows, options: BatchOptions = {}): Logs {
    const batchSize = checkBatchSize('evaluate', options)
    const { network, objective } = this.#ready('evaluate', x)
    const data = this.#labelled('evaluate', network, x, y)
    this.#adopt(network)
    const rows = Math.min(batchSize, data.x.count)
    if (!this.#evaluator || this.#evaluator.maxRows < rows)
      this.#evaluator = new Evaluator(network, objective(), rows)
    return this.#evaluator.evaluate(data)
  }

  /**
   * The model's output for each row.
   *
   * @returns a tensor of shape [rows, ...outputShape]
   * @throws OptionError or ShapeError for bad input
   */
  predict(x: Rows, options: BatchOptions = {}): Tensor {
    const batchSize = checkBatchSize('predict', options)
    const network = this.#network ?? this.#networkFor(this.#inputShapeOf('predict', x))
    const data = inputRows('predict', x, network.inputShape)
    this.#adopt(network)
    const rows = Math.min(batchSize, data.count)
    if (!this.#predictor || this.#predictor.maxRows < rows) this.#predictor = new Predictor(network, rows)
    return tensor(this.#predictor.predict(data), [data.count, ...network.outputShape])
  }

  /**
   * The class of each row: where the output is largest, the first of equals; with a single output, 1 where it is above
   * 0.5, else 0.
   *
   * @throws OptionError or ShapeError for bad input
   */
  predictClasses(x: Rows, options: BatchOptions = {}): Int32Array {
    const output = this.predict(x, options)
    const size = sizeOf(this.outputShape)
    return Int32Array.from({ length: output.shape[0] }, (_, row) =>
      size === 1 ? Number(output.data[row] > 0.5) : argmax(output.data, row * size, size),
    )
  }

  /**
   * Copies of all weights, layer by layer, each layer's in its own order: kernel, bias.
   * @throws StateError before the model is built
   */
  getWeights(): Tensor[] {
    return copyWeights(this.#built('getWeights'))
  }

  /**
   * Replaces all weights, in the order of `getWeights`. The optimiser keeps its state.
   *
   * @throws ShapeError naming the weight that does not fit, before any is changed
   * @throws StateError before the model is built, or while `fit` runs
   */
  setWeights(weights: readonly Rows[]): void {
    this.#assertIdle('setWeights')
    replaceWeights('setWeights', this.#built('setWeights'), weights)
  }

  #assertIdle(call: string): void {
    if (this.#fitting)
      throw new StateError(`${call}: fit is running on this model; wait for it, or abort its signal`)
  }

  #networkFor(input: Shape): Network<Float32Array> {
    if (this.#layers.length === 0) throw new StateError('the model has no layers: add some')
    return new Network(referenceFloat32, this.#layers, input, this.seed)
  }

  /** The network, built now if the input shape is known. */
  #built(call: string): Network<Float32Array> {
    if (!this.#network) {
      if (!this.#inputShape) {
        throw new StateError(
          `${call}: the model is not built; call build(inputShape), or give it an inputShape`,
        )
      }
      this.#adopt(this.#networkFor(this.#inputShape))
    }
    return this.#network!
  }

  #inputShapeOf(call: string, x: Rows): Shape {
    if (this.#inputShape) return this.#inputShape
    if (isTensor(x)) return checkShape(call, x.shape.slice(1))
    throw new StateError(
      `${call}: the model is not built, and x is a plain array: call build(inputShape) first`,
    )
  }

  /** What training and evaluation need; nothing is changed yet. */
  #ready(call: string, x: Rows) {
    const compiled = this.#compiled
    if (!compiled)
      throw new StateError(`${call}: the model is not compiled; call compile({ loss, optimizer })`)
    const network = this.#network ?? this.#networkFor(this.#inputShapeOf(call, x))
    return { network, objective: () => new Objective(network, compiled.loss, compiled.metrics) }
  }

  #labelled(call: string, network: Network<Float32Array>, x: Rows, y: Rows): Labelled {
    const rows = inputRows(call, x, network.inputShape)
    return { x: rows, y: targetRows(call, y, rows.count, network.outputShape, this.#compiled!.loss) }
  }

  #trainerFor(rows: number): Trainer<Float32Array> {
    const { loss, optimizer, metrics } = this.#compiled!
    const network = this.#network!
    this.#trainer ??= new Trainer(network, optimizer, new Objective(network, loss, metrics), rows)
    this.#trainer.reserve(rows)
    return this.#trainer
  }

  /** Takes a network as the model's own; what was made for another goes. */
  #adopt(network: Network<Float32Array> | null): void {
    if (network === this.#network) return
    this.#network = network
    this.#inputShape = network?.inputShape ?? this.#inputShape
    this.#trainer = null
    this.#evaluator = null
    this.#predictor = null
  }
}

const toTerminal = (text: string): void => terminal().write(text)
