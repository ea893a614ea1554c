import { ResumeError, StateError } from '../errors.ts'
import type { Loss } from '../losses/loss.ts'
import type { Rows } from '../tensor/tensor.ts'
import { History } from './callbacks/history.ts'
import type { Evaluator } from './evaluator.ts'
import type { Logs } from './logs.ts'
import { Model } from './model.ts'
import {
  type BatchOptions,
  type Compiled,
  type CompileOptions,
  checkBatchSize,
  checkCompileOptions,
  checkFitOptions,
  checkStateOptions,
  checkTrainingState,
  type FitOptions,
  type StateOptions,
} from './options.ts'
import type { Network } from './plan/network.ts'
import { givenState, Resumption, stateDifferences } from './resuming/resumption.ts'
import type { TrainingState } from './resuming/training-state.ts'
import { type Labelled, labelledRows, splitRows } from './rows.ts'
import { noFit } from './runner.ts'
import type { Sequential } from './sequential.ts'
import { storage } from './storage.ts'
import { Fit } from './training/fit.ts'
import { settingsOf } from './training/fit-run.ts'

/** A model that can be trained, and judged by the loss and metrics that it is trained with. */
export abstract class TrainableModel extends Model {
  /** Seeds the first weights, and `fit` where it is given no seed of its own. */
  abstract readonly seed: number
  /** Set to true by a callback, it ends `fit` after the epoch. */
  stopTraining = false
  #compiled: Compiled | null = null
  #fitting = false

  /** The loss, optimiser and metrics given to `compile`; null before. */
  get compiled(): Readonly<Compiled> | null {
    return this.#compiled
  }

  /**
   * Chooses what training makes small, and how. The optimiser starts afresh.
   *
   * @throws OptionError for an unknown loss, optimiser or metric
   * @throws StateError while `fit` runs
   * @example
   * model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: new Adam({ learningRate: 0.002 }), metrics: ['accuracy'] })
   */
  compile(options: CompileOptions): void {
    this.assertIdle('compile')
    this.#compiled = checkCompileOptions(options)
    this.runner?.recompile()
  }

  /**
   * Trains the model. It keeps the event loop alive, and other calls may evaluate and predict meanwhile: they see the
   * weights of the step before.
   *
   * Loss and metrics of an epoch are means over its rows as they were trained on, Dropout and all; validation is a pass
   * of its own at the end of each epoch. Callbacks may end training, change the learning rate and set weights meanwhile.
   *
   * With `resumeFrom` it goes on from where another `fit` stood, in this process or another. History and weights are then
   * those of a `fit` that was never interrupted, bit for bit: for any number of threads, and in fast numerics on one machine.
   * Where it is refused, or a callback fails before the first step, model and callbacks are as they were.
   *
   * @param x rows of the model's input shape, in any numeric type
   * @param y a target for each row: a class index, or values, as the loss has it
   * @returns the numbers of each epoch
   * @throws OptionError, ShapeError or DataError for bad input, before anything is changed
   * @throws NonFiniteError where the loss becomes NaN or infinite, before that step's update
   * @throws StateError before `compile`, or while another `fit` runs
   * @throws ResumeError where `resumeFrom` is of another model, other data or other options, or cannot be: listing all of that
   * @throws ModelFileError or DataError where `resumeFrom` names a file that is none of a model, or cannot be read
   * @throws the signal's reason when it aborts, and whatever a callback throws
   * @example
   * const history = await model.fit(images, labels, { epochs: 5, batchSize: 512, validationSplit: 0.2 })
   * history.history.valAccuracy
   * await model.fit(images, labels, { epochs: 10, validationSplit: 0.2, resumeFrom: model.getTrainingState() }) // five more
   */
  async fit(x: Rows, y: Rows, options: FitOptions = {}): Promise<History> {
    this.assertIdle('fit')
    this.#fitting = true
    try {
      return await this.#train(x, y, options)
    } finally {
      this.#fitting = false
    }
  }

  /**
   * Takes one step on one batch, all rows at once.
   *
   * @param x rows of the model's input shape
   * @param y a target for each row
   * @returns loss and metrics of the batch before the step
   * @throws as `fit`
   * @example
   * for (const [images, labels] of batches) console.log(model.trainOnBatch(images, labels).loss)
   */
  trainOnBatch(x: Rows, y: Rows): Logs {
    this.assertIdle('trainOnBatch')
    const compiled = this.#compiledFor('trainOnBatch')
    const runner = this.runnerFor('trainOnBatch', x)
    const data = labelledRows('trainOnBatch', x, y, runner.network, compiled.loss)
    this.runner = runner
    const batch = { order: null, from: 0, rows: data.x.count }
    const trainer = runner.trainer(compiled, batch.rows)
    runner.fit = noFit
    trainer.objective.reset()
    if (!trainer.step(data, batch, this.seed)) throw trainer.diagnose(data, batch, 1, trainer.steps + 1)
    return trainer.objective.report({})
  }

  /**
   * The mean loss and metrics over labelled rows, computed without Dropout.
   *
   * @param x rows of the model's input shape
   * @param y a target for each row
   * @throws OptionError, ShapeError or DataError for bad input, StateError before `compile`
   * @example
   * const { loss, accuracy } = model.evaluate(testImages, testLabels)
   */
  evaluate(x: Rows, y: Rows, options: BatchOptions = {}): Logs {
    const batchSize = checkBatchSize('evaluate', options)
    const compiled = this.#compiledFor('evaluate')
    const runner = this.runnerFor('evaluate', x)
    const data = labelledRows('evaluate', x, y, runner.network, compiled.loss)
    this.runner = runner
    return runner.evaluator(compiled, Math.min(batchSize, data.x.count)).evaluate(data)
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
    return this.built('getTrainingState').snapshot(this.#compiled)
  }

  /**
   * Takes over weights and optimiser of a state, and where its `fit` stands. A `fit` then goes on with the optimiser as it
   * was; with `resumeFrom` in the middle of an epoch as well. The backend may be another.
   *
   * @throws ResumeError where the state is of another model or optimiser, cannot be, or has numbers that are NaN or infinite,
   * unless `allowNonFinite` is true: listing all of that, before anything is changed
   * @throws OptionError for what is no state, or a bad option
   * @throws StateError while `fit` runs, or while the input shape is unknown
   */
  setTrainingState(state: TrainingState, options: StateOptions = {}): void {
    this.assertIdle('setTrainingState')
    checkTrainingState('setTrainingState', 'state', state)
    const allowNonFinite = checkStateOptions('setTrainingState', options)
    const runner = this.built('setTrainingState')
    const stored = givenState('setTrainingState', state, runner.network.placed)
    const differences = stateDifferences(stored, runner, this.#compiled, allowNonFinite)
    if (differences.length > 0) throw new ResumeError('setTrainingState', differences)
    runner.restore(state, this.#compiled)
  }

  /** @throws StateError while `fit` runs */
  protected assertIdle(call: string): void {
    if (this.#fitting)
      throw new StateError(`${call}: fit is running on this model; wait for it, or abort its signal`)
  }

  async #train(x: Rows, y: Rows, options: FitOptions): Promise<History> {
    // Callbacks are told of the whole model, and Sequential is its only kind.
    const model = this as TrainableModel as Sequential
    const { resumeFrom, allowNonFinite } = checkFitOptions(options, { seed: this.seed })
    const compiled = this.#compiledFor('fit')
    const file = typeof resumeFrom === 'string' ? await storage().readTrainingState(resumeFrom) : null
    const runner = this.runnerFor('fit', x)
    const { network } = runner
    const [data, validationData] = trainingRows(x, y, options, network, compiled.loss)
    const from = typeof resumeFrom === 'string' ? resumeFrom : 'fit'
    const stored =
      typeof resumeFrom === 'object' ? givenState(from, resumeFrom, network.placed) : file?.(network.placed)
    const checked = checkFitOptions(options, { seed: this.seed, ...stored?.state.fit?.settings })
    const settings = settingsOf(checked, compiled, network, data, validationData)
    const history = new History()
    const callbacks = [...checked.callbacks, history]
    const now = { model, runner, compiled, settings, callbacks, allowNonFinite }
    const resumption = stored ? new Resumption(from, stored, now) : null
    options.signal?.throwIfAborted()
    this.runner = runner
    let evaluator: Evaluator<Float32Array> | null = null
    try {
      const { batchSize } = settings
      if (validationData) {
        evaluator = runner.newEvaluator(compiled, Math.min(batchSize, validationData.x.count))
      }
      const validation = evaluator && validationData && { data: validationData, evaluator }
      const trainer = runner.trainer(compiled, batchSize)
      const { signal } = checked
      const fit = new Fit({
        model,
        trainer,
        data,
        validation,
        settings,
        callbacks,
        history,
        signal,
        resumption,
      })
      try {
        resumption?.begin()
        runner.fit = fit
        this.stopTraining = false
        return await fit.train()
      } finally {
        if (!resumption?.undo()) runner.fit = { state: fit.last }
      }
    } finally {
      evaluator?.release()
    }
  }

  #compiledFor(call: string): Compiled {
    if (this.#compiled) return this.#compiled
    throw new StateError(`${call}: the model is not compiled; call compile({ loss, optimizer })`)
  }
}

/** The rows that a `fit` trains on, and those that it validates with. */
function trainingRows(
  x: Rows,
  y: Rows,
  { validationData, validationSplit = 0 }: FitOptions,
  network: Network<Float32Array>,
  loss: Loss,
): [training: Labelled, validation: Labelled | null] {
  const all = labelledRows('fit', x, y, network, loss)
  if (!validationData) return splitRows(all, validationSplit)
  return [all, labelledRows('fit: validationData', ...validationData, network, loss)]
}
