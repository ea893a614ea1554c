import { existsSync } from 'node:fs'
import { backend, History, loadModel, ModelCheckpoint, ResumeError, type TrainingState } from 'convnet-ts'
import { buildModel, type Experiment } from './experiments.ts'
import { type Options, refuse } from './options.ts'
import { modelFile } from './output.ts'
import type { ExperimentData } from './run-experiment.ts'

/** What an earlier run has left of an experiment. */
export interface SavedRun {
  readonly file: string
  /** Whether nothing of its training is left to do. */
  readonly isDone: boolean
}

/**
 * Finds what an earlier run has left of each experiment, by its number, and checks all of it before any goes on: the last
 * may have its turn after hours.
 *
 * @throws OptionError naming the option that was another
 * @throws ModelFileError or ResumeError for a file that training cannot go on from
 */
export async function findSavedRuns(
  data: ExperimentData,
  options: Options,
): Promise<ReadonlyMap<number, SavedRun>> {
  const found = new Map<number, SavedRun>()
  if (!options.resume) return found
  for (const experiment of options.experiments) {
    const file = modelFile(options.out, experiment.number)
    if (!existsSync(file)) continue
    const saved = await loadModel(file)
    const { fit } = saved.getTrainingState()
    if (fit) checkOptions(fit, saved.seed, file, data, options)
    await checkFile(experiment, file, data, options)
    found.set(experiment.number, { file, isDone: isDone(fit!, options.epochs) })
  }
  return found
}

type Fit = NonNullable<TrainingState['fit']>

function isDone({ turn, epoch }: Fit, epochs: number): boolean {
  return turn === 'onEpochEnd' && epoch + 1 === epochs
}

/** Names options, where the library could only name what they lead to. */
function checkOptions(
  { settings, epoch }: Fit,
  seedThen: number,
  file: string,
  { split }: ExperimentData,
  { seed, batchSize, epochs, trainRows }: Options,
): void {
  const check = (option: string, found: unknown, then: unknown) => {
    if (found !== then) throw refuse(option, found, `${then}, as in the run that has left ${file}`)
  }
  const rows = split.yTrain.length + split.yTest.length
  const rowsThen = settings.data.rows + (settings.validation?.rows ?? 0)
  check('--seed', seed, seedThen)
  check(trainRows === undefined ? '--train-rows, which is all of the data,' : '--train-rows', rows, rowsThen)
  check('--batch-size', Math.min(batchSize, split.yTrain.length), settings.batchSize)
  if (settings.numerics) check('--numerics', backend.info.numerics, settings.numerics)
  if (epochs <= epoch)
    throw refuse('--epochs', epochs, `at least ${epoch + 1}, since that epoch has begun in ${file}`)
}

const looked = new Error('everything fits')

/** Has `fit` check all that it checks, and go no further. */
async function checkFile(
  experiment: Experiment,
  file: string,
  { split, description }: ExperimentData,
  { seed, batchSize, epochs, data }: Options,
): Promise<void> {
  try {
    await buildModel(experiment, seed).fit(split.xTrain, split.yTrain, {
      batchSize,
      epochs,
      validationData: [split.xTest, split.yTest],
      // Those of a run that keep a state.
      callbacks: [new History(), new ModelCheckpoint({ file })],
      verbose: 0,
      signal: AbortSignal.abort(looked),
      resumeFrom: file,
    })
  } catch (error) {
    if (error === looked) return
    if (error instanceof ResumeError && error.differences.every(isOfTheData))
      throw refuse('--data', data ?? description, `the images that ${file} has been trained on`)
    throw error
  }
}

const isOfTheData = (difference: string): boolean => /^the (validation )?data had/.test(difference)
