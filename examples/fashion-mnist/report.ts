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
    lead: 'Small convolutional networks learn to see what a picture of clothing shows, and are compared.',
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
  const seconds = drawn.reduce((sum, { run }) => sum + run.result.seconds, 0)
  return {
    Images: description,
    Split: `${split.yTrain.length} to train on, ${split.yTest.length} for validation, ${test.labels.length} to test on`,
    Training: `${epochs} epochs of ${batchSize} images a step, with Adam at 0.001; ${seconds.toFixed(1)} s in all`,
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
    ...sets.map(labels => String(labels.filter(each => each === label).length)),
  ])
  return section(
    'The images',
    paragraph(
      'Fashion-MNIST holds small grey photographs of clothes from the catalogue of Zalando, each of 28 by 28 pixels and each ' +
        'with one of ten labels. A pixel is a number from 0, the background, to 255. It is the drop-in successor of the ' +
        'handwritten digits that everyone once began with, and harder: a shirt and a coat differ by little at this size.',
    ),
    figures(
      figure(
        imageGrid(xTrain, { title: 'The first training images', labels: yTrain, classNames }),
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

function howANetworkSees({ run, pictures }: DrawnRun): Section {
  const { number, filters, units } = run.experiment
  return section(
    'How a convolutional network sees',
    paragraph(
      `The pictures of this section are the trained network of experiment ${number} at work on the first test image.`,
    ),
    subsection(
      'Convolution: the same question everywhere',
      paragraph(
        `The first layer lays a window of 3 by 3 pixels upon every place of the image. Each of its ${filters} filters has nine ` +
          'weights, multiplies the nine pixels by them, adds up, and adds a bias. The sum is large where the image looks ' +
          'as the filter does: an edge that rises to the right, a dark seam, a bright patch. One filter asks the same question at ' +
          'every place, so that what it has learnt of a sleeve on the left holds on the right as well, with nine weights ' +
          'instead of hundreds. Its 26 by 26 answers are its feature map.',
      ),
      figures(
        figure(
          pictures.filters,
          'Nobody drew these: they began as noise, and training has made them what they are. Blue adds, red takes away.',
        ),
      ),
    ),
    subsection(
      'ReLU: only what is there',
      paragraph(
        'A negative answer says that something is missing. The rectified linear unit, max(0, x), makes it zero and ' +
          'leaves the others alone. Without such a bend between them, two layers would be no more than one.',
      ),
    ),
    subsection(
      'Max pooling: that it is there, not exactly where',
      paragraph(
        'Of every 2 by 2 answers the largest stays. The map is a quarter as large, and a garment that lies a pixel further ' +
          'to the left gives almost the same one.',
      ),
    ),
    subsection(
      'Flattening, and the verdict',
      paragraph(
        `The pooled maps are written one behind the other, as one long list. A dense layer of ${units} units weighs all of ` +
          'it, each unit in its own way, and ten outputs weigh those: one for each class, from 0 to 1 by the sigmoid. The ' +
          'largest is the answer.',
      ),
      figures(
        figure(
          pictures['feature-maps'],
          'The first test image, layer by layer; of each layer the first few maps.',
        ),
      ),
    ),
    subsection(
      'Learning',
      paragraph(
        'All weights begin at random. A step takes a batch of images, compares the outputs with the labels, and finds by the chain ' +
          'rule, backwards from layer to layer, in which direction each weight makes the loss smaller. Adam then moves every ' +
          'weight a little that way, with a pace of its own for each. An epoch is as many steps as go once through all images. ' +
          'The loss is the cross-entropy: the logarithm of the share that the right class has among the ten outputs, negative.',
      ),
    ),
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
      `${filters} filters of 3 by 3, pooled 2 by 2, and ${units} hidden units. ${dropout > 0 ? dropped : 'Nothing is dropped.'}`,
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
        `Of ${test.labels.length} test images ${(100 * wrong).toFixed(2)} % were taken for something else.`,
      ),
      figures(figure(pictures.predictions)),
      figures(
        figure(pictures['confusion-counts'], 'What was taken for what: right answers are on the diagonal.'),
        figure(pictures['confusion-shares'], 'The same as shares of each true class.'),
      ),
      figures(
        figure(
          pictures['class-scores'],
          'Precision: how many of those called so are. Recall: how many of those that are were called so. F1: their harmonic mean.',
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
