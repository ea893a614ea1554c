import type { Tensor } from 'convnet-ts'
import {
  classScoreBars,
  confusionHeatMap,
  curveComparison,
  featureMaps,
  filterGrid,
  imageGrid,
  learningCurves,
} from 'convnet-ts/report'
import { kerasCurves } from './keras-curves.ts'
import type { ExperimentData, ExperimentRun } from './run-experiment.ts'

/** Pictures by the names of their files, as SVG. */
export type ExperimentPictures = ReturnType<typeof experimentPictures>
export type ComparisonPictures = ReturnType<typeof comparisonPictures>

/** Draws what an experiment has come to. */
export function experimentPictures(run: ExperimentRun, { test, classNames, isWhole }: ExperimentData) {
  const { experiment, history, predicted, counts, shares, report, kernel, outputs } = run
  const reference = isWhole ? kerasCurves(experiment, history.epoch.length) : undefined
  const title = (what: string) => `Experiment ${experiment.number}: ${what}`
  return {
    loss: learningCurves(history, { title: title('loss'), metrics: ['loss'], reference }),
    accuracy: learningCurves(history, { title: title('accuracy'), metrics: ['accuracy'], reference }),
    predictions: imageGrid(test.images, {
      title: title('the first test images'),
      labels: test.labels,
      predicted,
      classNames,
    }),
    'confusion-counts': confusionHeatMap(counts, { title: title('confusion, in images'), classNames }),
    'confusion-shares': confusionHeatMap(shares, { title: title('confusion, as shares'), classNames }),
    'class-scores': classScoreBars(report, { title: title('scores of each class') }),
    filters: filterGrid(kernel, { title: title('what the filters have learnt') }),
    'feature-maps': featureMaps(outputs, {
      title: title('one image on its way through the layers'),
      image: test.images.pick(0) as Tensor<Uint8Array>,
      classNames,
    }),
  }
}

/** Draws the experiments beside each other. */
export function comparisonPictures(runs: readonly ExperimentRun[]) {
  const histories = Object.fromEntries(
    runs.map(({ experiment, history }) => [`experiment ${experiment.number}`, history]),
  )
  return {
    'validation-accuracy': curveComparison(histories, {
      title: 'Accuracy on the validation images',
      metric: 'valAccuracy',
    }),
    'validation-loss': curveComparison(histories, {
      title: 'Loss on the validation images',
      metric: 'valLoss',
    }),
  }
}
