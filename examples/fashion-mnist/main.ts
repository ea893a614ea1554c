/*
 * The notebook, step by step: three convolutional networks learn to tell clothes apart, and are compared.
 *
 *   npm start -- --help
 */
import {
  drawImage,
  type FashionMnist,
  head,
  info,
  random,
  terminal,
  trainTestSplit,
  unique,
} from 'convnet-ts'
import { liveView } from 'convnet-ts/report'
import { chooseBackend } from './choose-backend.ts'
import { closingTable, formatClosingTable } from './closing-table.ts'
import { runProgram } from './command-line.ts'
import { withCommas } from './counted.ts'
import { NOTEBOOK_ROWS } from './experiments.ts'
import { Interruption } from './interruption.ts'
import { kerasCurves } from './keras-curves.ts'
import { loadImages } from './load-images.ts'
import { help, readOptions, refuse } from './options.ts'
import {
  experimentFolder,
  otherExperiments,
  prepareFolder,
  writePictures,
  writeStory,
  writeSummary,
} from './output.ts'
import { comparisonPictures, experimentPictures } from './pictures.ts'
import { heading, print } from './print.ts'
import { type DrawnRun, storyOf } from './report.ts'
import { type ExperimentData, runExperiment } from './run-experiment.ts'
import { findSavedRuns } from './saved-run.ts'
import { imagesAsTable } from './table.ts'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === null) return print(help)
  chooseBackend(options)
  await prepareFolder(options)

  heading('Load')
  const set = await loadImages(options.data, refuse)
  print(`Data: ${set.source}`)
  const { labels } = set.train
  const { trainRows = labels.length, out, png } = options
  if (trainRows > labels.length) {
    throw refuse('--train-rows', trainRows, `at most ${labels.length}, which the data has`)
  }
  describe(set)
  showAnImage(set, options.seed)
  const data = split(set, trainRows, options.seed)
  const savedRuns = await findSavedRuns(data, options)

  const view = options.live ? await liveView({ title: 'Fashion-MNIST' }) : null
  if (view) print(`Curves, while they grow: ${view.url}`)
  const drawn: DrawnRun[] = []
  for (const experiment of options.experiments) {
    const reference = data.isWhole ? kerasCurves(experiment, options.epochs) : undefined
    const callbacks = view ? [view.run(`Experiment ${experiment.number}`, { reference })] : []
    const run = await runExperiment(experiment, data, options, callbacks, savedRuns.get(experiment.number))
    const pictures = experimentPictures(run, data)
    drawn.push({ run, pictures })
    const results = drawn.map(each => each.run.result)
    await writeSummary(out, results)
    await writePictures(experimentFolder(out, experiment.number), pictures, png)
  }

  heading('Compare')
  print(`Data: ${data.description}\n`)
  const runs = drawn.map(({ run }) => run)
  const results = runs.map(({ result }) => result)
  const table = closingTable(results, data.split.yTrain.length, set.kind !== 'generated')
  print(formatClosingTable(table))
  const pictures = comparisonPictures(runs)
  await writePictures(out, pictures, png)
  await writeStory(out, storyOf(drawn, { table, pictures }, data, options))
  print(`\nWritten to ${out}: report.html, summary.json, and a folder for each experiment`)
  const others = otherExperiments(options)
  if (others.length > 0) print(`Of an earlier run, as it has left them: ${others.join(', ')}`)
}

function describe({ train, test, classNames, source }: FashionMnist): void {
  heading('Describe')
  const table = imagesAsTable(train, source)
  // In the terminal a column takes up to ten characters.
  print(head(table, 5, Math.floor(terminal().columns / 10)))
  print(`\nTraining data: (${table.values.shape.join(', ')})`)
  print(`Test data: (${test.labels.length}, ${table.columns.length})\n`)
  print(info(table))
  print(`\nLabels, as they first appear: ${unique(table, 'label').join(' ')}`)
  for (const [label, name] of classNames.entries()) print(`  ${label} ${name}`)
}

function showAnImage({ train: { images, labels }, classNames }: FashionMnist, seed: number): void {
  heading('Show an image')
  const index = Math.floor(random(seed, 'image')() * labels.length)
  print(drawImage(images.pick(index)))
  print(`Training image ${index}, label ${labels[index]}: ${classNames[labels[index]]}`)
}

function split(
  { train, test, classNames, kind, source }: FashionMnist,
  rows: number,
  seed: number,
): ExperimentData {
  heading('Split')
  const count = train.labels.length
  const testSize = Math.ceil(rows / 5)
  const split = trainTestSplit(train.images, train.labels, { testSize, trainSize: rows - testSize, seed })
  const description = rows < count ? `${rows} of the ${count} training images of ${source}` : source
  print(`Data: ${description}`)
  const [forTraining, forValidation, forTest] = [split.yTrain, split.yTest, test.labels].map(({ length }) =>
    withCommas(length),
  )
  print(`${forTraining} to train on, ${forValidation} for validation, ${forTest} to test on`)
  const isWhole = kind !== 'generated' && split.yTrain.length === NOTEBOOK_ROWS
  return { split, test, classNames, description, isWhole }
}

await runProgram(async () => {
  try {
    await main()
  } catch (error) {
    if (error instanceof Interruption) process.exit(error.exitCode)
    throw error
  }
})
