import { misclassificationRate } from 'convnet-ts'
import {
  codeBlock,
  details,
  epochTable,
  figure,
  figures,
  htmlPage,
  imageGrid,
  note,
  paragraph,
  resultTable,
  type Section,
  scoreTable,
  section,
  subsection,
  table,
} from 'convnet-ts/report'
import { type ClosingTable, sentences } from './closing-table.ts'
import { counted, withCommas } from './counted.ts'
import { LEARNING_RATE } from './experiments.ts'
import { howANetworkSees } from './how-a-network-sees.ts'
import type { Options } from './options.ts'
import type { ComparisonPictures, ExperimentPictures } from './pictures.ts'
import type { ExperimentData, ExperimentRun } from './run-experiment.ts'

/** An experiment with its pictures. */
export interface DrawnRun {
  readonly run: ExperimentRun
  readonly pictures: ExperimentPictures
}

/** What is told of all experiments together. */
export interface Comparison {
  readonly table: ClosingTable
  readonly pictures: ComparisonPictures
}

/** The notebook's story with this run's figures and pictures, as one HTML page. */
export function storyOf(
  drawn: readonly DrawnRun[],
  comparison: Comparison,
  data: ExperimentData,
  options: Options,
): string {
  return htmlPage({
    title: 'Telling clothes apart',
    lead: 'Small convolutional networks learn to recognise clothes: how well they do, beside the notebook that they come from.',
    facts: factsOf(drawn, data, options),
    sections: [
      theImages(data),
      howANetworkSees(drawn[0]),
      ...drawn.map(each => theExperiment(each, data)),
      theComparison(drawn, comparison),
    ],
  })
}

function factsOf(drawn: readonly DrawnRun[], { split, test, description }: ExperimentData, options: Options) {
  const { epochs, batchSize, seed } = options
  const [forTraining, forValidation, forTest] = [split.yTrain, split.yTest, test.labels].map(({ length }) =>
    withCommas(length),
  )
  const seconds = drawn.reduce((sum, { run }) => sum + run.result.seconds, 0)
  return {
    Images: description,
    Split: `${forTraining} to train on, ${forValidation} for validation, ${forTest} to test on`,
    Training: `${counted(epochs, 'epoch')}, ${counted(batchSize, 'image')} a step, Adam with learning rate ${LEARNING_RATE}; ${seconds.toFixed(1)} s in all`,
    Seed: String(seed),
    ...drawn[0].run.result.facts,
  }
}

function theImages({ split, test, classNames }: ExperimentData): Section {
  const { xTrain, yTrain, yTest } = split
  const sets = [yTrain, yTest, test.labels]
  const rows = classNames.map((name, label) => [
    name,
    String(label),
    ...sets.map(labels => withCommas(labels.filter(each => each === label).length)),
  ])
  return section(
    'The images',
    paragraph(
      'Fashion-MNIST holds small grey photographs of clothes from the catalogue of Zalando, each of 28 by 28 pixels and each ' +
        'with one of ten labels. A pixel is a number from 0, the background, to 255. The set has taken the place of MNIST, the ' +
        'handwritten digits that everyone once began with, and is harder: a shirt and a coat differ by little at this size.',
    ),
    figures(
      figure(
        imageGrid(xTrain, { title: 'The first training images', yTrue: yTrain, classNames }),
        'In the order in which the split has put them.',
      ),
    ),
    paragraph(
      'A fifth of the training images is set aside for validation: no step of the training sees them, so that they show ' +
        'after each epoch how much of what was learnt holds for other images. The test images are kept for the very end.',
    ),
    table(['class', 'label', 'training', 'validation', 'test'], rows, { right: [1, 2, 3, 4] }),
  )
}

function theExperiment({ run, pictures }: DrawnRun, { test, isWhole }: ExperimentData): Section {
  const { experiment, result, history, summary, predicted, report } = run
  const { number, filters, units, dropout } = experiment
  const wrong = misclassificationRate(test.labels, predicted)
  const dropped = `Dropout sets ${Math.round(100 * dropout)} % of the pooled values to zero at random, in training alone, so that no unit can lean on any one of them.`
  return section(
    `Experiment ${number}`,
    paragraph(
      `${filters} filters of 3 by 3, pooled 2 by 2, and ${units} hidden units. ${dropout > 0 ? dropped : 'No dropout.'}`,
    ),
    codeBlock(summary),
    subsection(
      'Training',
      figures(figure(pictures.loss), figure(pictures.accuracy)),
      paragraph(
        'Training figures are means over an epoch in which the weights change all the time; those of validation are taken at its ' +
          `end.${isWhole ? ' Behind the curves, thin: the same network trained by Keras 3.' : ''}`,
      ),
      resultTable(history, { loss: result.testLoss, accuracy: result.testAccuracy }),
      details('All epochs', epochTable(history)),
    ),
    subsection(
      'Test',
      paragraph(
        `${(100 * wrong).toFixed(2)} % of ${counted(test.labels.length, 'test image')} were misclassified.`,
      ),
      figures(figure(pictures.predictions)),
      figures(
        figure(pictures['confusion-counts'], 'What was taken for what: right answers are on the diagonal.'),
        figure(pictures['confusion-shares'], 'The same as shares of each true class.'),
      ),
      figures(
        figure(
          pictures['class-scores'],
          'Precision: of the images taken for a class, the share that belong to it. Recall: of the images of a class, the share taken for it. F1: their harmonic mean.',
        ),
      ),
      details('The same in numbers', scoreTable(report)),
    ),
  )
}

function theComparison(drawn: readonly DrawnRun[], { table: closing, pictures }: Comparison): Section {
  const { header, rows, right, notes } = closing
  return section(
    'Side by side',
    table(header, rows, { right }),
    note(notes.join(' ')),
    ...sentences(drawn.map(({ run }) => run)).map(paragraph),
    figures(...Object.values(pictures).map(svg => figure(svg))),
  )
}
