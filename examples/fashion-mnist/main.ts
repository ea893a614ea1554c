/*
 * The notebook, step by step: three convolutional networks learn to tell clothes apart, and are compared.
 *
 *   npm start -- --help
 */
import {
  backend,
  ConvnetError,
  classificationReport,
  confusionMatrix,
  drawImage,
  fashionMnist,
  formatBackend,
  formatClassificationReport,
  formatConfusionMatrix,
  head,
  info,
  misclassificationRate,
  OptionError,
  progressReporter,
  random,
  setBackend,
  terminal,
  trainTestSplit,
  unique,
} from 'convnet-ts'
import { closingTable } from './closing-table.ts'
import { buildModel } from './experiments.ts'
import { help, readOptions, refuse } from './options.ts'
import { historyWriter, prepareFolder, type Result, writeSummary } from './output.ts'
import { predictionGrid } from './prediction-grid.ts'
import { imagesAsTable } from './table.ts'
import { timeLeft } from './time-left.ts'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === null) return print(help)
  const { epochs, batchSize, seed, out } = options
  // Options win over environment variables, and those over what is usual here.
  const { CONVNET_TURBO, CONVNET_NUMERICS } = process.env
  setBackend({
    turbo: options.turbo ?? (CONVNET_TURBO ? undefined : backend.hasTurbo),
    numerics: options.numerics ?? (CONVNET_NUMERICS ? undefined : 'fast'),
    threads: options.threads,
  })
  print(`Backend: ${formatBackend(backend.info)}, on ${backend.info.engine}`)
  prepareFolder(out, options.experiments)

  heading('Load')
  const { train, test, classNames, kind, source } = await fashionMnist({
    dir: options.data,
    onProgress: progressReporter(),
  })
  print(`Data: ${source}`)
  const count = train.labels.length
  const { trainRows = count } = options
  if (trainRows > count) throw refuse('--train-rows', trainRows, `at most ${count}, which the data has`)

  heading('Describe')
  const table = imagesAsTable(train, source)
  // In the terminal a column takes up to ten characters.
  print(head(table, 5, Math.floor(terminal().columns / 10)))
  print(`\nTraining data: (${table.values.shape.join(', ')})`)
  print(`Test data: (${test.labels.length}, ${table.columns.length})\n`)
  print(info(table))
  print(`\nLabels, as they first appear: ${unique(table, 'label').join(' ')}`)
  for (const [label, name] of classNames.entries()) print(`  ${label} ${name}`)

  heading('Show an image')
  const index = Math.floor(random(seed, 'image')() * count)
  const label = train.labels[index]
  print(drawImage(train.images.pick(index)))
  print(`Training image ${index}, label ${label}: ${classNames[label]}`)

  heading('Split')
  const testSize = Math.ceil(trainRows / 5)
  const split = trainTestSplit(train.images, train.labels, {
    testSize,
    trainSize: trainRows - testSize,
    seed,
  })
  const { xTrain, yTrain, xTest: xValidation, yTest: yValidation } = split
  const data = trainRows < count ? `${trainRows} of the ${count} training images of ${source}` : source
  print(`Data: ${data}`)
  print(
    `${yTrain.length} to train on, ${yValidation.length} for validation, ${test.labels.length} to test on`,
  )

  const results: Result[] = []
  for (const experiment of options.experiments) {
    heading(`Experiment ${experiment.number}: build`)
    const model = buildModel(experiment, seed)
    model.summary()

    heading(`Experiment ${experiment.number}: train`)
    print(`Data: ${data}`)
    const began = performance.now()
    const { history } = await model.fit(xTrain, yTrain, {
      batchSize,
      epochs,
      validationData: [xValidation, yValidation],
      callbacks: [historyWriter(out, experiment, data), timeLeft(epochs)],
    })
    const seconds = (performance.now() - began) / 1000

    heading(`Experiment ${experiment.number}: test`)
    print(`Testing on ${test.labels.length} images …`)
    const tested = model.evaluate(test.images, test.labels, { batchSize })
    print(`Test loss: ${tested.loss!.toFixed(4)}`)
    print(`Test accuracy: ${tested.accuracy!.toFixed(4)}`)

    const predicted = model.predictClasses(test.images, { batchSize })
    print('\nThe first test images, as predicted and, below, as they are; ✗ marks wrong ones:\n')
    print(predictionGrid(test, predicted, classNames))

    const classes = classNames.length
    print('Confusion matrix, true classes down, predicted classes across:\n')
    print(formatConfusionMatrix(confusionMatrix(test.labels, predicted, { classes }), classNames))
    print('\nThe same, as shares of each true class:\n')
    const shares = confusionMatrix(test.labels, predicted, { classes, normalize: 'true' })
    print(formatConfusionMatrix(shares, classNames))

    const wrong = misclassificationRate(test.labels, predicted)
    print(`\nMisclassified: ${(100 * wrong).toFixed(2)} % of ${test.labels.length} test images`)
    print('\nClassification report:\n')
    const report = classificationReport(test.labels, predicted, { classNames })
    print(formatClassificationReport(report).trimEnd())

    const last = (name: string) => history[name].at(-1)!
    results.push({
      experiment: experiment.number,
      parameters: model.countParams(),
      epochs,
      seconds,
      accuracy: last('accuracy'),
      loss: last('loss'),
      valAccuracy: last('valAccuracy'),
      valLoss: last('valLoss'),
      testAccuracy: tested.accuracy!,
      testLoss: tested.loss!,
      data,
    })
    writeSummary(out, results)
  }

  heading('Compare')
  print(`Data: ${data}\n`)
  print(closingTable(results, yTrain.length, kind !== 'generated'))
  print(`\nWritten to ${out}: summary.json and experiment-N/history.json`)
}

/** Prints lines as the library prints its own, in characters that the terminal has. */
function print(text: string): void {
  terminal().write(`${text}\n`)
}

function heading(text: string): void {
  print(`\n${text}\n${'─'.repeat(text.length)}`)
}

// `npm start | head`: nobody reads on, which is no error.
process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

try {
  await main()
} catch (error) {
  if (!(error instanceof ConvnetError)) throw error
  console.error(error.message)
  process.exitCode = error instanceof OptionError ? 2 : 1
}
