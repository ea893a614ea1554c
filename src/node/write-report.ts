import { filePath } from '../options.ts'
import { trainingPage } from '../report/training-report/training-page.ts'
import type { TrainingReport, trainingReport } from '../report/training-report.ts'
import { replaceFile } from './files/replace-file.ts'
import { runFacts } from './run-facts.ts'

/**
 * Writes the report of a training as one HTML file, which needs nothing beside it: {@link trainingReport}, with versions and
 * machine among its facts, where the content has none of the same name. There is never half a file: what was there stays until the new one is whole.
 *
 * @param file in a folder that there is; by custom it ends in `.html`
 * @param content what the report is about; leave out what you do not have
 * @throws OptionError, ShapeError or DataError for content that does not fit together, before anything is written
 * @throws DataError naming the file where it cannot be written: there is no such folder, no permission, no space
 * @example
 * const history = await model.fit(train.images, train.labels, { epochs: 5, validationSplit: 0.2 })
 * await writeReport('report.html', {
 *   history,
 *   model,
 *   evaluation: {
 *     yTrue: test.labels,
 *     yPred: model.predictClasses(test.images),
 *     logs: model.evaluate(test.images, test.labels),
 *     images: test.images,
 *     classNames,
 *   },
 * })
 */
export async function writeReport(file: string, content: TrainingReport): Promise<void> {
  filePath('writeReport', 'file', file)
  await replaceFile(file, trainingPage('writeReport', content, runFacts()))
}
