import { currentBackend } from '../backend/backend.ts'
import { OptionError, StateError } from '../errors.ts'
import type { Layer } from '../layers/layer.ts'
import { checkOptions, text, wholeNumber } from '../options.ts'
import { formatShape, type Shape, sameShape } from '../tensor/shape.ts'
import { LayerNames } from './layer-names.ts'
import { checkShape, type SequentialOptions } from './options.ts'
import { chain, type NamedLayer } from './plan/chain.ts'
import { Network } from './plan/network.ts'
import { Runner } from './runner.ts'
import { type SaveOptions, storage } from './storage.ts'
import { TrainableModel } from './trainable-model.ts'

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
export class Sequential extends TrainableModel {
  readonly name: string
  readonly seed: number
  readonly #layers: NamedLayer[] = []
  readonly #names = new LayerNames()
  /** What it was given; what data have told, the runner knows. */
  readonly #inputShape: Shape | null
  /** What the next layer takes, while the model is not built; null while that is unknown. */
  #shape: Shape | null

  /**
   * @throws OptionError for a bad option, or two layers of one name
   * @throws ShapeError where the input shape is given and a layer does not fit
   */
  constructor(layers: readonly Layer[] = [], options: SequentialOptions = {}) {
    super()
    checkOptions('Sequential', options, ['inputShape', 'name', 'seed'])
    this.name = text('Sequential', 'name', options.name ?? 'sequential')
    if (this.name === '') throw new OptionError('Sequential', 'name', '', 'a name')
    this.seed = wholeNumber('Sequential', 'seed', options.seed ?? 0, { min: 0 })
    if (!Array.isArray(layers)) throw new OptionError('Sequential', 'layers', layers, 'a list of layers')
    const { inputShape } = options
    this.#inputShape = inputShape === undefined ? null : checkShape('Sequential', inputShape)
    this.#shape = this.#inputShape
    for (const layer of layers) this.add(layer)
  }

  /** The layers with the names that they have in this model. */
  get layers(): readonly NamedLayer[] {
    return this.#layers
  }

  get inputShape(): Shape | null {
    return this.runner?.network.inputShape ?? this.#inputShape
  }

  /**
   * Adds a layer at the end. Weights that the model has are kept, the state of its optimiser is not.
   *
   * @returns the model
   * @throws OptionError for a name that is taken
   * @throws ShapeError where the model knows its input shape and the layer does not fit
   * @throws StateError while `fit` runs
   * @example
   * const model = new Sequential().add(new Flatten()).add(new Dense({ units: 10 }))
   */
  add(layer: Layer): this {
    this.assertIdle('add')
    if (typeof layer?.bind !== 'function' || typeof layer.outputShape !== 'function') {
      throw new OptionError('add', 'layer', layer, 'a Layer')
    }
    const added = { name: this.#names.nameFor(layer), layer }
    if (this.runner) {
      const before = this.runner.network
      const extended = this.makeRunner('add', before.inputShape, [...this.#layers, added], before)
      extended.network.copyFrom(before)
      this.runner = extended
    } else if (this.#shape) {
      this.#shape = chain([added], this.#shape).at(-1)!.outputShape
    }
    this.#names.take(added.name)
    this.#layers.push(added)
    return this
  }

  /**
   * Fixes the shape of one row of input and draws the first weights. Done by itself where `inputShape` was given, and
   * otherwise when the model first sees data.
   *
   * @param inputShape of one row, without the batch: `[28, 28, 1]`
   * @throws ShapeError where a layer does not fit
   * @throws OptionError for what is no shape, StateError where the model is built for another, or has no layers
   * @example
   * model.build([28, 28, 1])
   */
  build(inputShape: Shape): void {
    const shape = checkShape('build', inputShape)
    if (this.inputShape && !sameShape(this.inputShape, shape)) {
      const [built, asked] = [this.inputShape, shape].map(formatShape)
      throw new StateError(`build: the model takes rows of ${built}, and cannot be built again for ${asked}`)
    }
    this.runner ??= this.makeRunner('build', shape)
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
   * @throws NonFiniteWeightError for weights that are NaN or infinite, unless `allowNonFinite` is true
   * @throws StateError for a model without weights: one that has no layers, or does not know its input shape yet
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

  protected makeRunner(
    call: string,
    inputShape: Shape,
    layers: readonly NamedLayer[] = this.#layers,
    like: Pick<Network<Float32Array>, 'kernels' | 'options'> | null = null,
  ): Runner {
    if (layers.length === 0) throw new StateError(`${call}: the model has no layers: add some`)
    const { kernels, options } = like ?? chosen()
    return new Runner(new Network(kernels, layers, inputShape, this.seed, options))
  }
}

/** What `setBackend` has chosen. */
function chosen() {
  const { kernels, info } = currentBackend()
  return { kernels, options: { fuse: info.fusion, numerics: info.numerics } }
}
