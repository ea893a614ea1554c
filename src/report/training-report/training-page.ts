import { OptionError } from '../../errors.ts'
import { byName, checkOptions, text } from '../../options.ts'
import type { Facts } from '../html/facts.ts'
import { htmlPage } from '../html/html-page.ts'
import { checkHistory } from '../tables/check-history.ts'
import type { TrainingReport } from '../training-report.ts'
import { classSections } from './class-sections.ts'
import { modelSection } from './model-section.ts'
import { trainingFacts } from './training-facts.ts'
import { trainingSections } from './training-sections.ts'

/**
 * The document of a training report.
 *
 * @param owner who takes the content, for errors
 * @param surroundings facts of what it ran on, which stand last; a fact of the content under the same name has precedence
 */
export function trainingPage(owner: string, content: TrainingReport, surroundings: Facts): string {
  checkOptions(owner, content, ['title', 'facts', 'history', 'model', 'evaluation', 'reference'])
  const { title = 'Training report', facts = {}, history, model, evaluation, reference } = content
  text(owner, 'title', title)
  byName(owner, 'facts', facts, 'string')
  checkHistory(owner, history)
  if (model !== undefined && typeof model?.layerOutputs !== 'function') {
    throw new OptionError(owner, 'model', model, 'the Sequential that was trained')
  }
  if (evaluation !== undefined) {
    const within = `${owner}: evaluation`
    checkOptions(within, evaluation, ['yTrue', 'yPred', 'classNames', 'logs', 'images'])
    if (evaluation.logs !== undefined) byName(within, 'logs', evaluation.logs, 'number')
  }
  return htmlPage({
    title,
    facts: { ...trainingFacts(history, model), ...facts, ...surroundings, ...facts },
    sections: [
      ...trainingSections(history, evaluation?.logs, reference),
      ...(evaluation ? classSections(evaluation) : []),
      ...(model ? [modelSection(model, evaluation)] : []),
    ],
  })
}
