import type { History } from '../model/callbacks/history.ts'
import type { Sequential } from '../model/sequential.ts'
import type { ReferenceCurves } from './curves.ts'
import type { Facts } from './html/facts.ts'
import type { Evaluation } from './training-report/evaluation.ts'
import { trainingPage } from './training-report/training-page.ts'

/** What {@link trainingReport} is about. What is left out is not in it. */
export interface TrainingReport {
  /** Default 'Training report'. */
  readonly title?: string
  /** What else is to be known: the data, the seed. Facts of the model and the training are there without. */
  readonly facts?: Facts
  /** What `fit` gave. */
  readonly history: History
  /** The model that was trained: its layers, its first filters, what its layers make of an image. */
  readonly model?: Sequential
  /** What a test of the model came to. */
  readonly evaluation?: Evaluation
  /** Curves of another training, drawn behind this one's. */
  readonly reference?: ReferenceCurves
}

/**
 * A report of a training as one HTML document that needs nothing beside it: what it has come to, its curves, how well each
 * class is told from the others, images with what they were taken for, and a look into the model.
 *
 * @returns the document; in Node, `writeReport` writes it to a file, with versions and machine
 * @throws OptionError, ShapeError or DataError where its parts do not fit together
 * @example
 * const history = await model.fit(images, labels, { epochs: 5, validationSplit: 0.2 })
 * const html = trainingReport({ history, model, facts: { Data: 'Fashion-MNIST' } })
 */
export function trainingReport(content: TrainingReport): string {
  return trainingPage('trainingReport', content, {})
}
