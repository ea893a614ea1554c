import {
  type Callback,
  type ClassificationReport,
  classificationReport,
  confusionMatrix,
  type FashionMnist,
  formatClassificationReport,
  formatConfusionMatrix,
  History,
  type LayerOutput,
  ModelCheckpoint,
  misclassificationRate,
  type Sequential,
  type Split,
  type Tensor,
} from 'convnet-ts'
import { runFacts } from 'convnet-ts/report'
import { counted } from './counted.ts'
import { buildModel, type Experiment } from './experiments.ts'
import { Interruption, interruptible } from './interruption.ts'
import type { Options } from './options.ts'
import { historyWriter, modelFile, type Result } from './output.ts'
import { predictionGrid } from './prediction-grid.ts'
import { heading, print } from './print.ts'
import type { SavedRun } from './saved-run.ts'
import { timeLeft } from './time-left.ts'

/** What an experiment leaves: its figures, and what pictures of it are drawn from. */
export interface ExperimentRun {
  readonly experiment: Experiment
  readonly result: Result
  readonly history: History
  /** The model's layers, as `summary()` prints them. */
  readonly summary: string
  /** The class that each test image was taken for. */
  readonly predicted: Int32Array
  readonly counts: Tensor<Float64Array>
  /** The same as shares of each true class. */
  readonly shares: Tensor<Float64Array>
  readonly report: ClassificationReport
  /** What the convolution has learnt: [3, 3, 1, filters]. */
  readonly kernel: Tensor
  /** What each layer makes of the first test image. */
  readonly outputs: readonly LayerOutput[]
}

/** What all experiments learn from, and are tested on. */
export interface ExperimentData {
  readonly split: Split<Tensor<Uint8Array>, Uint8Array>
  readonly test: FashionMnist['test']
  readonly classNames: readonly string[]
  /** Which images these are, in words. */
  readonly description: string
  /** Whether they are all of Fashion-MNIST, as the notebook had them. */
  readonly isWhole: boolean
}

/**
 * Builds, trains and tests one of the notebook's networks, and prints how that goes.
 *
 * @param saved what its training goes on from
 */
export async function runExperiment(
  experiment: Experiment,
  data: ExperimentData,
  { epochs, batchSize, seed, out, resume }: Options,
  callbacks: readonly Callback[],
  saved?: SavedRun,
): Promise<ExperimentRun> {
  const { number } = experiment
  const { xTrain, yTrain, xTest: xValidation, yTest: yValidation } = data.split

  heading(`Experiment ${number}: build`)
  const model = buildModel(experiment, seed)
  let summary = ''
  model.summary(text => {
    summary = text.trimEnd()
  })
  print(summary)

  heading(`Experiment ${number}: train`)
  print(`Data: ${data.description}`)
  const history = new History()
  const file = modelFile(out, number)
  if (resume) print(saved ? `Resumed from ${file}` : `There is no ${file} to resume from`)
  if (saved?.isDone) print(`Nothing is left to train: ${counted(epochs, 'epoch')} done.`)
  const callbacksOfAll = [
    history,
    historyWriter(out, experiment, history, data.description),
    timeLeft(epochs),
    ...callbacks,
    new ModelCheckpoint({ file }),
  ]
  await interruptible(async signal => {
    try {
      await model.fit(xTrain, yTrain, {
        batchSize,
        epochs,
        validationData: [xValidation, yValidation],
        callbacks: callbacksOfAll,
        signal,
        resumeFrom: saved?.file,
      })
      // After its last step `fit` looks no more.
      signal.throwIfAborted()
    } catch (error) {
      if (error instanceof Interruption) await saveInterrupted(model, file, error)
      throw error
    }
  })

  heading(`Experiment ${number}: test`)
  const tested = test(model, data, batchSize)
  const last = (name: string) => history.history[name].at(-1)!
  const result: Result = {
    experiment: number,
    parameters: model.countParams(),
    epochs: history.epoch.length,
    seconds: sum(history.seconds) + sum(history.valSeconds),
    accuracy: last('accuracy'),
    loss: last('loss'),
    valAccuracy: last('valAccuracy'),
    valLoss: last('valLoss'),
    testAccuracy: tested.accuracy,
    testLoss: tested.loss,
    data: data.description,
    facts: runFacts(),
  }
  const [kernel] = model.getWeights()
  const outputs = model.layerOutputs(data.test.images.hi(1))
  return { experiment, result, history, summary, ...tested, kernel, outputs }
}

async function saveInterrupted(model: Sequential, file: string, { message }: Interruption): Promise<void> {
  // What an earlier run has left must stay until this one has something to put in its place.
  if (!model.getTrainingState().fit) return print(`\nTraining is ${message}, before it has begun.`)
  await model.save(file)
  print(`\nTraining is ${message}, and saved to ${file}. The same command with --resume goes on from there.`)
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** Tests the model on images that it has not seen, and prints what it takes for what. */
function test(
  model: Sequential,
  { test: { images, labels }, classNames }: ExperimentData,
  batchSize: number,
) {
  print(`Testing on ${labels.length} images …`)
  const { loss, accuracy } = model.evaluate(images, labels, { batchSize })
  print(`Test loss: ${loss.toFixed(4)}`)
  print(`Test accuracy: ${accuracy.toFixed(4)}`)

  const predicted = model.predictClasses(images, { batchSize })
  print('\nThe first test images, as predicted and, below, as they are; ✗ marks wrong ones:\n')
  print(predictionGrid({ images, labels }, predicted, classNames))

  const classes = classNames.length
  const counts = confusionMatrix(labels, predicted, { classes })
  const shares = confusionMatrix(labels, predicted, { classes, normalize: 'true' })
  print('Confusion matrix, true classes down, predicted classes across:\n')
  print(formatConfusionMatrix(counts, classNames))
  print('\nThe same, as shares of each true class:\n')
  print(formatConfusionMatrix(shares, classNames))

  const wrong = misclassificationRate(labels, predicted)
  print(`\nMisclassified: ${(100 * wrong).toFixed(2)} % of ${labels.length} test images`)
  print('\nClassification report:\n')
  const report = classificationReport(labels, predicted, { classNames })
  print(formatClassificationReport(report).trimEnd())
  return { loss, accuracy, predicted, counts, shares, report }
}
