import { classificationReport } from '../../metrics/classification-report.ts'
import { confusionMatrix } from '../../metrics/confusion-matrix.ts'
import { classScoreBars } from '../class-score-bars.ts'
import { MAX_CLASSES } from '../confusion-heat-map/check-matrix.ts'
import { confusionHeatMap } from '../confusion-heat-map.ts'
import { figure, figures } from '../html/figure.ts'
import { type Section, section } from '../html/section.ts'
import { imageGrid } from '../image-grid.ts'
import { scoreTable } from '../tables/score-table.ts'
import type { Evaluation } from './evaluation.ts'

/** How well a model tells classes apart. */
export function classSections({ yTrue, yPred, classNames, images }: Evaluation): Section[] {
  const report = classificationReport(yTrue, yPred, { classNames })
  const classes = classNames?.length
  const counts = confusionMatrix(yTrue, yPred, { classes })
  const shares = confusionMatrix(yTrue, yPred, { classes, normalize: 'true' })
  const sections = [section('Classes', figures(figure(classScoreBars(report)), scoreTable(report)))]
  // Where there are more, no one could read it.
  if (counts.shape[0] <= MAX_CLASSES) {
    sections.push(
      section(
        'Confusion',
        figures(
          figure(
            confusionHeatMap(counts, {
              classNames,
              title: 'Samples of each class, by what they were taken for',
            }),
          ),
          figure(confusionHeatMap(shares, { classNames, title: 'The same, as shares of each true class' })),
        ),
      ),
    )
  }
  if (images) {
    const grid = imageGrid(images, {
      title: 'The first test images',
      yTrue,
      yPred,
      classNames,
    })
    sections.push(section('Predictions', figure(grid)))
  }
  return sections
}
