import type { Sequential } from '../../model/sequential.ts'
import { featureMaps } from '../feature-maps.ts'
import { filterGrid } from '../filter-grid.ts'
import { figure } from '../html/figure.ts'
import { codeBlock } from '../html/prose.ts'
import { type Section, section } from '../html/section.ts'
import type { Evaluation } from './evaluation.ts'

/** A look into a model: its layers, the filters of its first convolution, one image on its way through. */
export function modelSection(model: Sequential, evaluation: Evaluation | undefined): Section {
  const content: string[] = []
  model.summary(text => content.push(codeBlock(withoutOptimizer(text))))
  // No other built-in layer than a convolution has weights along four axes.
  const kernel = model.getWeights().find(({ shape }) => shape.length === 4)
  if (kernel) content.push(figure(filterGrid(kernel)))
  const images = evaluation?.images
  if (images) {
    const outputs = model.layerOutputs(images.hi(1))
    content.push(figure(featureMaps(outputs, { image: images.pick(0), classNames: evaluation.classNames })))
  }
  return section('The model', ...content)
}

/** Once a model has trained, Keras counts the numbers that its optimiser keeps in the total: a report is of the model. */
function withoutOptimizer(summary: string): string {
  const lines = summary.split('\n')
  return lines.filter(line => !/^ (Total|Optimizer) params:/.test(line)).join('\n')
}
