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
  misclassificationRate,
  type Sequential,
  type Split,
  type Tensor,
} from 'convnet-ts'
import { runFacts } from 'convnet-ts/report'
import { buildModel, type Experiment } from './experiments.ts'
import type { Options } from './options.ts'
import { historyWriter, type Result } from './output.ts'
import { predictionGrid } from './prediction-grid.ts'
import { heading, print } from './print.ts'
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

/** Builds, trains and tests one of the notebook's networks, and prints how that goes. */
export async function runExperiment(
  experiment: Experiment,
  data: ExperimentData,
  { epochs, batchSize, seed, out }: Options,
  callbacks: readonly Callback[],
): Promise<ExperimentRun> {
  const { number } = experiment
  const { xTrain, yTrain, xTest: xValidation, yTest: yValidation } = data.split

  heading(`Experiment ${number}: build`)
  const model = buildModel(experiment, seed)
  model.summary()

  heading(`Experiment ${number}: train`)
  print(`Data: ${data.description}`)
  const began = performance.now()
  const history = new History()
  await model.fit(xTrain, yTrain, {
    batchSize,
    epochs,
    validationData: [xValidation, yValidation],
    callbacks: [
      history,
      historyWriter(out, experiment, history, data.description),
      timeLeft(epochs),
      ...callbacks,
    ],
  })
  const seconds = (performance.now() - began) / 1000

  heading(`Experiment ${number}: test`)
  const tested = test(model, data, batchSize)
  const last = (name: string) => history.history[name].at(-1)!
  const result: Result = {
    experiment: number,
    parameters: model.countParams(),
    epochs,
    seconds,
    accuracy: last('accuracy'),
    loss: last('loss'),
    valAccuracy: last('valAccuracy'),
    valLoss: last('valLoss'),
    testAccuracy: tested.accuracy,
    testLoss: tested.loss,
    data: data.description,
    facts: runFacts(),
  }
  return { experiment, result, history, ...tested, ...insideOf(model, data) }
}

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

/** A look into the trained model. */
function insideOf(model: Sequential, { test: { images } }: ExperimentData) {
  let summary = ''
  model.summary(text => {
    summary = text
  })
  const [kernel] = model.getWeights()
  return { summary, kernel, outputs: model.layerOutputs(images.hi(1)) }
}
