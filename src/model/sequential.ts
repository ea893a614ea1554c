import { currentBackend } from '../backend/backend.ts'
import { OptionError, ResumeError, StateError } from '../errors.ts'
import type { Layer } from '../layers/layer.ts'
import { argmax } from '../metrics/argmax.ts'
import { checkOptions, text, wholeNumber } from '../options.ts'
import { formatShape, type Shape, sameShape, sizeOf } from '../tensor/shape.ts'
import { type Rows, type Tensor, tensor } from '../tensor/tensor.ts'
import { terminal } from '../text/terminal.ts'
import type { History } from './callbacks/history.ts'
import { chain, type NamedLayer } from './chain.ts'
import type { Evaluator } from './evaluator.ts'
import { Fit } from './fit.ts'
import { LayerNames } from './layer-names.ts'
import { type LayerOutput, layerOutputs } from './layer-outputs.ts'
import type { Logs } from './logs.ts'
import { Network } from './network.ts'
import {
  type BatchOptions,
  type Compiled,
  type CompileOptions,
  checkBatchSize,
  checkCompileOptions,
  checkFitOptions,
  checkShape,
  checkTrainingState,
  type FitOptions,
  type SequentialOptions,
} from './options.ts'
import { inputRows, labelledRows, shapeOf, splitRows } from './rows.ts'
import { Runner } from './runner.ts'
import { type SaveOptions, storage } from './storage.ts'
import { describePlan, summary } from './summary.ts'
import type { FitState, TrainingState } from './training-state.ts'
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
  readonly #names = new LayerNames()
  #inputShape: Shape | null = null
  /** What the next layer takes, while the model is not built; null while that is unknown. */
  #shape: Shape | null = null
  #runner: Runner | null = null
  #compiled: Compiled | null = null
  #fitting = false
  /** The last fit, or the one under way. */
  #fit: { readonly state: FitState | null } = noFit

  /**
   * @throws OptionError for a bad option, or two layers of one name
   * @throws ShapeError where the input shape is given and a layer does not fit
   */
  constructor(layers: readonly Layer[] = [], options: SequentialOptions = {}) {
    checkOptions('Sequential', options, ['inputShape', 'name', 'seed'])
    this.name = text('Sequential', 'name', options.name ?? 'sequential')
    if (this.name === '') throw new OptionError('Sequential', 'name', '', 'a name')
    this.seed = wholeNumber('Sequential', 'seed', options.seed ?? 0, { min: 0 })
    if (!Array.isArray(layers)) throw new OptionError('Sequential', 'layers', layers, 'a list of layers')
    if (options.inputShape !== undefined) {
      this.#inputShape = checkShape('Sequential', options.inputShape)
      this.#shape = this.#inputShape
    }
    for (const layer of layers) this.add(layer)
  }

  /** The layers with the names that they have in this model. */
  get layers(): readonly NamedLayer[] {
    return this.#layers
  }

  /** The shape of one row of input; null until it is given or seen in data. */
  get inputShape(): Shape | null {
    return this.#inputShape
  }

  /**
   * The shape of one row of output.
   * @throws StateError while the input shape is unknown
   */
  get outputShape(): Shape {
    return this.#network('outputShape').outputShape
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
    const added = { name: this.#names.nameFor(layer), layer }
    if (this.#runner) {
      const before = this.#runner.network
      const extended = this.#makeRunner('add', before.inputShape, [...this.#layers, added], before)
      extended.network.copyFrom(before)
      this.#adopt(extended)
    } else if (this.#shape) {
      this.#shape = chain([added], this.#shape).at(-1)!.outputShape
    }
    this.#names.take(added.name)
    this.#layers.push(added)
    this.#fit = noFit
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
    this.#adopt(this.#runner ?? this.#makeRunner('build', shape))
  }

  /**
   * The number of weights.
   * @throws StateError while the input shape is unknown
   */
  countParams(): number {
    return this.#network('countParams').parameterCount
  }

  /**
   * Prints the model's layers, shapes and weights as Keras does; a model that is not built yet has `0 (unbuilt)` weights.
   *
   * @param print called once with the whole text; default: the terminal
   */
  summary(print = toTerminal): void {
    const network = this.#inputShape && this.#layers.length > 0 ? this.#network('summary') : null
    print(summary(this.name, this.#layers, network, this.#runner?.optimizerSlots))
  }

  /**
   * Prints the steps that the model is compiled to, with the memory and the work of each.
   *
   * @param options the batch size that the plan is for, default 32
   * @param print called once with the whole text; default: the terminal
   */
  describePlan(options: BatchOptions = {}, print = toTerminal): void {
    print(describePlan(this.#network('describePlan'), checkBatchSize('describePlan', options)))
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
    this.#runner?.recompile()
    this.#fit = noFit
  }

  /**
   * Trains the model. It keeps the event loop alive, and other calls may evaluate and predict meanwhile: they see the
   * weights of the step before.
   *
   * Loss and metrics of an epoch are means over its rows as they were trained on, Dropout and all; validation is a pass
   * of its own at the end of each epoch. Callbacks may end training, change the learning rate and set weights meanwhile.
   *
   * With `resumeFrom` it goes on from where another `fit` stood, in this process or another. History and weights are then
   * those of a `fit` that was never interrupted, bit for bit, on the same backend.
   *
   * @param x rows of the model's input shape, in any numeric type
   * @param y a target for each row: a class index, or values, as the loss has it
   * @returns the numbers of each epoch
   * @throws OptionError, ShapeError or DataError for bad input, before anything is changed
   * @throws NonFiniteError where the loss becomes NaN or infinite, before that step's update
   * @throws StateError before `compile`, or while another `fit` runs
   * @throws ResumeError where `resumeFrom` is of another model, other data or other options, listing all differences
   * @throws the signal's reason when it aborts, and whatever a callback throws
   * @example
   * const history = await model.fit(images, labels, { epochs: 5, batchSize: 512, validationSplit: 0.2 })
   * history.history.valAccuracy
   * await model.fit(images, labels, { epochs: 10, validationSplit: 0.2, resumeFrom: model.getTrainingState() }) // five more
   */
  async fit(x: Rows, y: Rows, options: FitOptions = {}): Promise<History> {
    this.#assertIdle('fit')
    this.#fitting = true
    try {
      return await this.#train(x, y, options)
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
    const compiled = this.#compiledFor('trainOnBatch')
    const runner = this.#runnerFor('trainOnBatch', x)
    const data = labelledRows('trainOnBatch', x, y, runner.network, compiled.loss)
    this.#adopt(runner)
    const batch = { order: null, from: 0, rows: data.x.count }
    const trainer = runner.trainer(compiled, batch.rows)
    this.#fit = noFit
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
    const compiled = this.#compiledFor('evaluate')
    const runner = this.#runnerFor('evaluate', x)
    const data = labelledRows('evaluate', x, y, runner.network, compiled.loss)
    this.#adopt(runner)
    return runner.evaluator(compiled, Math.min(batchSize, data.x.count)).evaluate(data)
  }

  /**
   * The model's output for each row.
   *
   * @returns a tensor of shape [rows, ...outputShape]
   * @throws OptionError or ShapeError for bad input
   */
  predict(x: Rows, options: BatchOptions = {}): Tensor {
    const batchSize = checkBatchSize('predict', options)
    const runner = this.#runnerFor('predict', x)
    const { inputShape, outputShape } = runner.network
    const data = inputRows('predict', x, inputShape)
    this.#adopt(runner)
    const output = runner.predictor(Math.min(batchSize, data.count)).predict(data)
    return tensor(output, [data.count, ...outputShape])
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
   * What each layer makes of rows, in the order of the layers and without Dropout: for looking into a model. All outputs
   * are kept, so a few rows of a large model may take much memory.
   *
   * @throws OptionError or ShapeError for bad input
   * @example
   * const maps = model.layerOutputs(images.hi(1)).find(({ name }) => name === 'conv2d/relu')?.output // [1, 26, 26, 32]
   */
  layerOutputs(x: Rows, options: BatchOptions = {}): LayerOutput[] {
    const batchSize = checkBatchSize('layerOutputs', options)
    const runner = this.#runnerFor('layerOutputs', x)
    const data = inputRows('layerOutputs', x, runner.network.inputShape)
    this.#adopt(runner)
    return layerOutputs(runner.network, data, Math.min(batchSize, data.count))
  }

  /**
   * Copies of all weights, layer by layer, each layer's in its own order: kernel, bias.
   * @throws StateError while the input shape is unknown
   */
  getWeights(): Tensor[] {
    return copyWeights(this.#network('getWeights'))
  }

  /**
   * The names of all weights, in the order of `getWeights`: `conv2d/kernel`, `conv2d/bias`, `dense/kernel`, …
   * @throws StateError while the input shape is unknown
   */
  get weightPaths(): string[] {
    return this.#network('weightPaths').placed.map(({ path }) => path)
  }

  /**
   * Replaces all weights, in the order of `getWeights`. The optimiser keeps its state. While `fit` runs, the next step goes
   * on from the new weights.
   *
   * @throws ShapeError naming the weight that does not fit, before any is changed
   * @throws StateError while the input shape is unknown
   */
  setWeights(weights: readonly Rows[]): void {
    replaceWeights('setWeights', this.#network('setWeights'), weights)
  }

  /**
   * All that training goes on from, to the bit: weights, the optimiser's numbers, and where the last `fit` stands, the one
   * under way or one that was interrupted. It may be called while `fit` runs, by callbacks too.
   *
   * @returns copies, as plain data
   * @throws StateError while the input shape is unknown
   * @example
   * await model.fit(x, y, { epochs: 50, signal }).catch(() => {}) // interrupted
   * await other.fit(x, y, { resumeFrom: model.getTrainingState() })
   */
  getTrainingState(): TrainingState {
    this.#network('getTrainingState')
    return { ...this.#runner!.snapshot(this.#compiled), fit: this.#fit.state }
  }

  /**
   * Takes over weights and optimiser of a state, and where its `fit` stands. A `fit` then goes on with the optimiser as it
   * was; with `resumeFrom` in the middle of an epoch as well.
   *
   * @throws ResumeError listing all differences, before anything is changed
   * @throws StateError while `fit` runs, or while the input shape is unknown
   */
  setTrainingState(state: TrainingState): void {
    this.#assertIdle('setTrainingState')
    checkTrainingState('setTrainingState', 'state', state)
    this.#network('setTrainingState')
    const differences = this.#runner!.differences(state, this.#compiled)
    if (differences.length > 0) throw new ResumeError('setTrainingState', differences)
    this.#runner!.restore(state, this.#compiled)
    this.#fit = { state: state.fit }
  }

  /**
   * Writes the model to a file, from which `loadModel` makes it again: layers, weights and what `compile` was given, and all
   * that training goes on from. It may be called while `fit` runs, by callbacks too; what is written is the model at the
   * time of the call. The file that was there stays until the new one is whole and on the disk. With Node only: elsewhere,
   * `saveModel` gives the bytes.
   *
   * The file is a safetensors file, whose weights other tools read by their paths.
   *
   * @param path `stylist.safetensors`; its folder must be there
   * @throws NonFiniteWeightError for a weight that is NaN or infinite, unless `allowNonFinite` is true
   * @throws OptionError for a bad option, and for a layer's config or a callback's state that is no plain data
   * @throws DataError naming the file where it cannot be written, or where another call or process is writing it: what was
   * there stays, then
   * @example
   * await model.save('stylist.safetensors')
   * const same = await loadModel('stylist.safetensors')
   */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    await storage().save(this, path, options)
  }

  async #train(x: Rows, y: Rows, options: FitOptions): Promise<History> {
    const { validationSplit, resumeFrom } = checkFitOptions(options, { seed: this.seed })
    const compiled = this.#compiledFor('fit')
    const runner = this.#runnerFor('fit', x)
    const all = labelledRows('fit', x, y, runner.network, compiled.loss)
    const [data, split] = splitRows(all, options.validationData ? 0 : validationSplit)
    const validationData = options.validationData
      ? labelledRows('fit: validationData', ...options.validationData, runner.network, compiled.loss)
      : split
    options.signal?.throwIfAborted()
    this.#adopt(runner)
    const state =
      typeof resumeFrom === 'string' ? await storage().readTrainingState(resumeFrom, this) : resumeFrom
    const checked = checkFitOptions(options, { seed: this.seed, ...state?.fit?.settings })
    const batchSize = Math.min(checked.batchSize, data.x.count)
    let evaluator: Evaluator<Float32Array> | null = null
    try {
      if (validationData) {
        evaluator = runner.newEvaluator(compiled, Math.min(batchSize, validationData.x.count))
      }
      const validation = evaluator && validationData && { data: validationData, evaluator }
      const trainer = runner.trainer(compiled, batchSize)
      const fit = new Fit({ ...checked, model: this, data, batchSize, trainer, validation })
      if (state) resume(fit, state, runner, compiled)
      this.#fit = fit
      this.stopTraining = false
      try {
        return await fit.train()
      } finally {
        this.#fit = { state: fit.last }
      }
    } finally {
      evaluator?.release()
    }
  }

  #assertIdle(call: string): void {
    if (this.#fitting)
      throw new StateError(`${call}: fit is running on this model; wait for it, or abort its signal`)
  }

  #makeRunner(
    call: string,
    inputShape: Shape,
    layers: readonly NamedLayer[] = this.#layers,
    like: Pick<Network<Float32Array>, 'kernels' | 'options'> | null = null,
  ): Runner {
    if (layers.length === 0) throw new StateError(`${call}: the model has no layers: add some`)
    const { kernels, options } = like ?? chosen()
    return new Runner(new Network(kernels, layers, inputShape, this.seed, options))
  }

  /** The runner for data like x, made now if need be; the model is not changed yet. */
  #runnerFor(call: string, x: Rows): Runner {
    if (this.#runner) return this.#runner
    const shape = shapeOf(call, 'x', x)
    if (this.#inputShape) return this.#makeRunner(call, this.#inputShape)
    if (shape.length > 1) return this.#makeRunner(call, checkShape(call, shape.slice(1)))
    throw new StateError(
      `${call}: the model does not know its input shape, and x does not tell it: call build(inputShape) first`,
    )
  }

  /** The network, built now if the input shape is known. */
  #network(call: string): Network<Float32Array> {
    if (!this.#runner) {
      if (!this.#inputShape) {
        throw new StateError(`${call}: the model does not know its input shape; call build(inputShape) first`)
      }
      this.#adopt(this.#makeRunner(call, this.#inputShape))
    }
    return this.#runner!.network
  }

  #adopt(runner: Runner): void {
    this.#runner = runner
    this.#inputShape = runner.network.inputShape
  }

  #compiledFor(call: string): Compiled {
    if (this.#compiled) return this.#compiled
    throw new StateError(`${call}: the model is not compiled; call compile({ loss, optimizer })`)
  }
}

/** What `setBackend` has chosen. */
function chosen() {
  const { kernels, info } = currentBackend()
  return { kernels, options: { fuse: info.fusion } }
}

/** @throws ResumeError before anything is changed */
function resume(fit: Fit, state: TrainingState, runner: Runner, compiled: Compiled): void {
  const differences = [...runner.differences(state, compiled), ...fit.differences(state.fit)]
  if (differences.length > 0) throw new ResumeError('fit', differences)
  runner.restore(state, compiled)
  fit.resumeFrom(state.fit)
}

const noFit = { state: null }

const toTerminal = (text: string): void => terminal().write(text)
