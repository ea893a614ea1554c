/*
 * The notebook, step by step: three convolutional networks learn to tell clothes apart, and are compared.
 *
 *   npm start -- --help
 */
import {
  backend,
  ConvnetError,
  drawImage,
  fashionMnist,
  formatBackend,
  head,
  info,
  OptionError,
  progressReporter,
  random,
  setBackend,
  terminal,
  trainTestSplit,
  unique,
} from 'convnet-ts'
import { liveView } from 'convnet-ts/report'
import { closingTable, formatClosingTable } from './closing-table.ts'
import { NOTEBOOK_ROWS } from './experiments.ts'
import { kerasCurves } from './keras-curves.ts'
import { help, readOptions, refuse } from './options.ts'
import { experimentFolder, prepareFolder, writePictures, writeReport, writeSummary } from './output.ts'
import { comparisonPictures, experimentPictures } from './pictures.ts'
import { heading, print } from './print.ts'
import { type DrawnRun, storyOf } from './report.ts'
import { type ExperimentData, runExperiment } from './run-experiment.ts'
import { imagesAsTable } from './table.ts'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === null) return print(help)
  const { seed, out } = options
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
  const rows = imagesAsTable(train, source)
  // In the terminal a column takes up to ten characters.
  print(head(rows, 5, Math.floor(terminal().columns / 10)))
  print(`\nTraining data: (${rows.values.shape.join(', ')})`)
  print(`Test data: (${test.labels.length}, ${rows.columns.length})\n`)
  print(info(rows))
  print(`\nLabels, as they first appear: ${unique(rows, 'label').join(' ')}`)
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
  const description = trainRows < count ? `${trainRows} of the ${count} training images of ${source}` : source
  print(`Data: ${description}`)
  print(
    `${split.yTrain.length} to train on, ${split.yTest.length} for validation, ${test.labels.length} to test on`,
  )
  const isWhole = kind !== 'generated' && trainRows === NOTEBOOK_ROWS + testSize
  const data: ExperimentData = { split, test, classNames, description, isWhole }

  const view = options.live ? await liveView({ title: 'Fashion-MNIST' }) : null
  if (view) print(`Curves, while they grow: ${view.url}`)
  const drawn: DrawnRun[] = []
  for (const experiment of options.experiments) {
    const reference = isWhole ? kerasCurves(experiment, options.epochs) : undefined
    const callbacks = view ? [view.run(`Experiment ${experiment.number}`, { reference })] : []
    const run = await runExperiment(experiment, data, options, callbacks)
    const pictures = experimentPictures(run, data)
    drawn.push({ run, pictures })
    writeSummary(
      out,
      drawn.map(each => each.run.result),
    )
    await writePictures(experimentFolder(out, experiment.number), pictures, options.png)
  }

  heading('Compare')
  print(`Data: ${description}\n`)
  const runs = drawn.map(({ run }) => run)
  const table = closingTable(
    runs.map(({ result }) => result),
    split.yTrain.length,
    kind !== 'generated',
  )
  print(formatClosingTable(table))
  const pictures = comparisonPictures(runs)
  await writePictures(out, pictures, options.png)
  writeReport(out, storyOf(drawn, { table, pictures }, data, options))
  print(`\nWritten to ${out}: report.html, summary.json, and a folder of pictures for each experiment`)
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
